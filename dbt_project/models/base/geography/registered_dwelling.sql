with dwellings as (
    select * from {{ ref('stg_dwelling') }}
),

addresses as (
    select * from {{ ref('address') }}
)

select
    dwellings.dwelling_id,
    dwellings.address_code,
    addresses.division,
    addresses.street,
    dwellings.area_m2,
    dwellings.use,
    dwellings.owner_kind,
    dwellings.registered_on,
    {{ deliveries_merged(['[dwellings._delivery]', 'addresses._deliveries']) }} as _deliveries
from dwellings
left join addresses on dwellings.address_code = addresses.address_code
