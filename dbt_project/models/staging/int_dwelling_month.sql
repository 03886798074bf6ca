-- Billed use and longest outage of each dwelling by month; a null use is a utility without a
-- bill, which is not counted. Months without any bill at a dwelling have no row.
with dwellings as (
    select * from {{ ref('registered_dwelling') }}
),

usages as (
    select * from {{ ref('int_dwelling_usage') }}
),

outages as (
    select * from {{ ref('int_outage_month') }}
)

select
    usages.dwelling_id,
    usages.month,
    cast(substr(usages.month, 1, 4) as integer) * 12
    + cast(substr(usages.month, 6, 2) as integer) as month_number,
    cast(sum(case when usages.utility = 'water' then usages.usage end) as decimal(14, 2))
        as water_m3,
    cast(sum(case when usages.utility = 'power' then usages.usage end) as decimal(14, 2))
        as power_kwh,
    cast(sum(case when usages.utility = 'gas' then usages.usage end) as decimal(14, 2))
        as gas_m3,
    count(*) as utilities_counted,
    max(outages.outage_days) as outage_days,
    {{ deliveries_merged_across(['usages._deliveries', 'outages._deliveries']) }} as _deliveries
from usages
inner join dwellings on usages.dwelling_id = dwellings.dwelling_id
left join outages
    on
        dwellings.division = outages.division
        and dwellings.street = outages.street
        and usages.utility = outages.utility
        and usages.month = outages.month
group by usages.dwelling_id, usages.month
