with addresses as (
    select * from {{ ref('stg_standard_address') }}
),

divisions as (
    select
        code,
        district,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from {{ ref('administrative_division') }}
    group by code, district
)

select
    addresses.address_code,
    addresses.division as registered_division,
    addresses.street,
    addresses.road,
    addresses.house_number,
    addresses.community,
    addresses.building,
    addresses.unit_number,
    addresses.room,
    addresses.longitude,
    addresses.latitude,
    addresses.status,
    {{ district_of('addresses.division') }} as division,
    {{ deliveries_merged(['[addresses._delivery]', 'divisions._deliveries']) }} as _deliveries
from addresses
left join divisions on addresses.division = divisions.code
