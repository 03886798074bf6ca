with water as (
    select * from {{ source('current', 'water_outage') }}
),

power as (
    select * from {{ source('current', 'power_outage') }}
)

select
    'water' as utility,
    outage_number,
    kind,
    division,
    {{ city_time('started_at') }} as started_at,
    {{ city_time('ended_at') }} as ended_at,
    households,
    _delivery
from water
union all
select
    'power' as utility,
    outage_number,
    kind,
    division,
    {{ city_time('started_at') }} as started_at,
    {{ city_time('ended_at') }} as ended_at,
    households,
    _delivery
from power
