with source as (
    select * from {{ source('current', 'enterprise_registration') }}
)

select
    uscc,
    name,
    type,
    status,
    industry,
    established_on,
    cancelled_on,
    registered_capital,
    division,
    address,
    _delivery
from source
