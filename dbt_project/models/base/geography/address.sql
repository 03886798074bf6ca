with addresses as (
    select * from {{ ref('stg_standard_address') }}
),

divisions as (
    select distinct
        code,
        district
    from {{ ref('administrative_division') }}
)

select
    addresses.address_code,
    addresses.division as registered_division,
    addresses.street,
    addresses.road,
    addresses.house_number,
    addresses.building,
    addresses.unit_number,
    addresses.room,
    addresses.longitude,
    addresses.latitude,
    addresses.status,
    {{ district_of('addresses.division') }} as division,
    {{ deliveries_of(['addresses._delivery']) }} as _deliveries
from addresses
left join divisions on addresses.division = divisions.code
