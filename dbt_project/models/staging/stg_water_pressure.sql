with source as (
    select * from {{ source('current', 'water_pressure') }}
)

select
    point_id,
    measured_on,
    division,
    lowest_mpa,
    _delivery
from source
