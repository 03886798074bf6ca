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
    from {{ ref('stg_utility_bill') }}
)

select
    dwellings.dwelling_id,
    dwellings.address_code,
    dwellings.division,
    months.month,
    months.month_number,
    cast(usages.water_m3 as decimal(14, 2)) as water_m3,
    cast(usages.power_kwh as decimal(14, 2)) as power_kwh,
    cast(usages.gas_m3 as decimal(14, 2)) as gas_m3,
    coalesce(usages.utilities_counted, 0) as utilities_counted,
    cast(coalesce(outages.outage_days, 0) as decimal(9, 4)) as outage_days,
    {{ deliveries_merged([
        'dwellings._deliveries', 'usages.account_deliveries', 'usages.bill_deliveries',
        'outages._deliveries'
    ]) }} as _deliveries
from dwellings
cross join months
left join usages
    on dwellings.dwelling_id = usages.dwelling_id and months.month = usages.month
left join outages
    on
        dwellings.division = outages.division
        and dwellings.street = outages.street
        and months.month = outages.month
