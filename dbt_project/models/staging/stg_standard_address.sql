with source as (
    select * from {{ source('current', 'standard_address') }}
)

select
    address_code,
    division,
    street,
    road,
    house_number,
    community,
    building,
    unit_number,
    room,
    longitude,
    latitude,
    status,
    _delivery
from source
