-- What sources tell of a day in a district, a row each measure.
with usages as (
    select
        district,
        read_on as day,
        case when utility = 'water' then usage end as water_m3,
        case when utility = 'power' then usage end as power_kwh,
        case when utility = 'gas' then usage end as gas_m3,
        _deliveries
    from {{ ref('daily_usage_by_district') }}
),

outages as (
    select * from {{ ref('int_service_outage') }}
),

water_outages as (
    select * from outages
    where utility = 'water'
),

power_outages as (
    select * from outages
    where utility = 'power'
),

events as (
    select * from {{ ref('int_city_event') }}
)

{% set keys = ['district', 'day'] %}
{{ facts_of('usages', 'water_reading', keys, {'water_m3': 'water_m3'}) }}
union all
{{ facts_of('usages', 'power_reading', keys, {'power_kwh': 'power_kwh'}) }}
union all
{{ facts_of('usages', 'gas_reading', keys, {'gas_m3': 'gas_m3'}) }}
union all
{{ facts_of('water_outages', 'water_outage', keys, {'water_outages': '1'}) }}
union all
{{ facts_of('power_outages', 'power_outage', keys, {'power_outages': '1'}) }}
union all
{{ facts_of('outages', 'outage', keys, {'customers_interrupted': 'households'}) }}
union all
select
    district,
    day,
    measure as told_by,
    measure,
    cast(count(*) as decimal(20, 2)) as quantity,
    _deliveries
from events
group by district, day, measure, _deliveries
