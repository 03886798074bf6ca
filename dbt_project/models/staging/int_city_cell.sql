-- Every measure of every district on the days of which its source tells, 0 where it tells none.
with facts as (
    select * from {{ ref('int_city_fact') }}
),

coverage as (
    select * from {{ ref('int_city_coverage') }}
),

districts as (
    select code as district from {{ ref('administrative_division') }}
    where level = 'district' and valid_to is null
    union distinct
    select district from facts
),

measures as (
    select distinct
        told_by,
        measure
    from facts
)

select
    districts.district,
    coverage.day,
    measures.measure,
    coalesce(facts.quantity, 0) as quantity,
    facts._deliveries
from coverage
inner join measures on coverage.told_by = measures.told_by
cross join districts
left join facts
    on
        districts.district = facts.district
        and coverage.day = facts.day
        and measures.measure = facts.measure
