with source as (
    select * from {{ source('history', 'building') }}
)

select
    building_code,
    address_code,
    floors,
    built_year,
    use,
    area_m2,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
