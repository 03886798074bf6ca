with source as (
    select * from {{ source('current', 'macro_indicator') }}
)

select
    indicator,
    division,
    period,
    value,
    unit,
    _delivery
from source
