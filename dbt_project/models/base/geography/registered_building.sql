with buildings as (
    select * from {{ ref('stg_building') }}
),

addresses as (
    select * from {{ ref('address') }}
)

select
    buildings.building_code,
    buildings.address_code,
    addresses.division,
    buildings.floors,
    buildings.built_year,
    buildings.use,
    buildings.area_m2,
    addresses.longitude,
    addresses.latitude,
    {{ deliveries_merged(['[buildings._delivery]', 'addresses._deliveries']) }} as _deliveries
from buildings
left join addresses on buildings.address_code = addresses.address_code
