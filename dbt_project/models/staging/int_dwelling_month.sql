-- Billed use and longest outage of every dwelling in every month of bills. A null use is a
-- utility without a bill, which is not counted.
with dwellings as (
    select * from {{ ref('registered_dwelling') }}
),

usages as (
    select * from {{ ref('int_dwelling_usage') }}
),

outages as (
    select * from {{ ref('int_outage_month') }}
),

months as (
    select distinct
        month,
        cast(substr(month, 1, 4) as integer) * 12
        + cast(substr(month, 6, 2) as integer) as month_number
    from {{ ref('utility_bill') }}
)

select
    dwellings.dwelling_id,
    dwellings.address_code,
    dwellings.division,
    months.month,
    months.month_number,
    usages.water_m3,
    usages.power_kwh,
    usages.gas_m3,
    cast(
        case when usages.water_m3 is null then 0 else 1 end
        + case when usages.power_kwh is null then 0 else 1 end
        + case when usages.gas_m3 is null then 0 else 1 end as bigint
    ) as utilities_counted,
    cast(coalesce(outages.outage_days, 0) as decimal(9, 4)) as outage_days
from dwellings
cross join months
left join usages
    on dwellings.dwelling_id = usages.dwelling_id and months.month = usages.month
left join outages
    on
        dwellings.division = outages.division
        and dwellings.street = outages.street
        and months.month = outages.month
