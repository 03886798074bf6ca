with source as (
    select * from {{ source('current', 'building') }}
)

select
    building_code,
    address_code,
    floors,
    built_year,
    use,
    area_m2,
    _delivery
from source
