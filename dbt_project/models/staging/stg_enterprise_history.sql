with source as (
    select * from {{ source('history', 'enterprise_registration') }}
)

select
    uscc,
    name,
    status,
    industry,
    registered_capital,
    division,
    address,
    established_on,
    cancelled_on,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
