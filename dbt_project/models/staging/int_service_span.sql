-- From which month to which each source tells of which utility: there, what it does not tell is 0.
-- The hotline takes calls about all three.
with spans as (
    select
        told_by,
        case when told_by = 'hotline' then 'any' else utility end as about,
        min(month) as first_month,
        max(month) as last_month
    from {{ ref('int_service_fact') }}
    where measure in ('customers', 'outages', 'complaints', 'pressure_readings', 'inspections')
    group by told_by, case when told_by = 'hotline' then 'any' else utility end
),

utilities as (
    select 'water' as utility
    union all
    select 'power' as utility
    union all
    select 'gas' as utility
)

select
    spans.told_by,
    utilities.utility,
    spans.first_month,
    spans.last_month
from spans
inner join utilities on spans.about in ('any', utilities.utility)
