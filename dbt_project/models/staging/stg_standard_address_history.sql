with source as (
    select * from {{ source('history', 'standard_address') }}
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
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
