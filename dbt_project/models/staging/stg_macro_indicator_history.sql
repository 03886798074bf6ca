with source as (
    select * from {{ source('history', 'macro_indicator') }}
)

select
    indicator,
    division,
    period,
    value,
    unit,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
