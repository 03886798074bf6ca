with source as (
    select * from {{ source('history', 'administrative_penalty') }}
)

select
    uscc,
    name,
    _delivery,
    _as_of
from source
