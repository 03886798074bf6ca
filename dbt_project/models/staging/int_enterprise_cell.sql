-- What is known of each district, industry and month; null where no source tells.
with counts as (
    select * from {{ ref('int_enterprise_count') }}
),

activities as (
    select * from {{ ref('int_enterprise_activity') }}
),

months as (
    select * from {{ ref('int_enterprise_month') }}
),

registers as (
    select
        district,
        industry_section,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from {{ ref('int_enterprise_standing') }}
    group by district, industry_section
),

-- Union, not a join from the register: what bodies without one used and paid has its own row.
cells as (
    select
        district,
        industry_section,
        month
    from counts
    union distinct
    select
        district,
        industry_section,
        month
    from activities
)

select
    cells.district,
    cells.industry_section,
    cells.month,
    months.month_number,
    coalesce(counts.registered, 0) as registered,
    coalesce(counts.cancelled, 0) as cancelled,
    coalesce(counts.standing, 0) as standing,
    coalesce(counts.undated, 0) as undated,
    case when months.judged then coalesce(activities.active, 0) end as active,
    activities.power_kwh,
    activities.insured,
    activities.tax_amount,
    case when months.punished then coalesce(activities.penalties, 0) end as penalties,
    activities.penalty_amount,
    {{ deliveries_merged(['registers._deliveries', 'activities._deliveries']) }}
        as _deliveries
from cells
inner join months on cells.month = months.month
left join counts
    on
        cells.district = counts.district
        and cells.industry_section = counts.industry_section
        and cells.month = counts.month
left join activities
    on
        cells.district = activities.district
        and cells.industry_section = activities.industry_section
        and cells.month = activities.month
left join registers
    on
        cells.district = registers.district
        and cells.industry_section = registers.industry_section
