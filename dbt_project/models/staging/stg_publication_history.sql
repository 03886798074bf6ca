with source as (
    select * from {{ source('history', 'enterprise_publication') }}
)

select
    uscc,
    name,
    address,
    registered_on,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
