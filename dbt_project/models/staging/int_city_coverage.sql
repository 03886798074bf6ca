-- The days of which each source tells: there, what it does not tell of a district is 0. Readings
-- are told of the days that were read; events of all days from the first to the last. The table
-- begins with the first reading, outage, call, birth or death: registers go back further.
with facts as (
    select * from {{ ref('int_city_fact') }}
    where quantity is not null
),

spans as (
    select
        told_by,
        min(day) as first_day,
        max(day) as last_day
    from facts
    group by told_by
),

beginning as (
    select min(first_day) as day from spans
    where
        told_by not in (
            'enterprises_registered', 'enterprises_cancelled', 'permits_issued', 'penalties'
        )
),

days as (
    select distinct facts.day
    from facts
    inner join beginning on facts.day >= beginning.day
)

select distinct
    told_by,
    day
from facts
where told_by in ('water_reading', 'power_reading', 'gas_reading')
union all
select
    spans.told_by,
    days.day
from spans
inner join days on days.day between spans.first_day and spans.last_day
where spans.told_by not in ('water_reading', 'power_reading', 'gas_reading')
