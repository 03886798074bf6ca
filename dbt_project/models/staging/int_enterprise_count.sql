-- Registered bodies by district, industry and month: new, cancelled, standing at the month's end.
with entities as (
    select
        district,
        industry_section,
        established_month,
        cancelled_month,
        undated,
        count(*) as bodies
    from {{ ref('int_enterprise_standing') }}
    group by district, industry_section, established_month, cancelled_month, undated
),

months as (
    select * from {{ ref('int_enterprise_month') }}
)

select
    entities.district,
    entities.industry_section,
    months.month,
    sum(
        case when entities.established_month = months.month then entities.bodies else 0 end
    ) as registered,
    sum(
        case when entities.cancelled_month = months.month then entities.bodies else 0 end
    ) as cancelled,
    sum(
        case
            when entities.undated = 1 or entities.established_month > months.month then 0
            when entities.cancelled_month <= months.month then 0
            else entities.bodies
        end
    ) as standing,
    sum(
        case
            when entities.undated = 1 and entities.established_month <= months.month
                then entities.bodies
            else 0
        end
    ) as undated
from entities
cross join months
group by entities.district, entities.industry_section, months.month
