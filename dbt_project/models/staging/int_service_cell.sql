-- Every measure of every district in the months of which its source tells, 0 where it tells none.
with facts as (
    select * from {{ ref('int_service_fact') }}
),

spans as (
    select * from {{ ref('int_service_span') }}
),

months as (
    select * from {{ ref('int_service_month') }}
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
    spans.utility,
    months.month,
    measures.measure,
    coalesce(facts.quantity, 0) as quantity,
    facts._deliveries
from spans
inner join months on months.month between spans.first_month and spans.last_month
inner join measures on spans.told_by = measures.told_by
cross join districts
left join facts
    on
        districts.district = facts.district
        and spans.utility = facts.utility
        and months.month = facts.month
        and measures.measure = facts.measure
