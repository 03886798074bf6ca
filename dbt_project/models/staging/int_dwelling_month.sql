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
),

measured as (
    select
        dwelling_id,
        month,
        sum(case when utility = 'water' then usage end) as water_m3,
        sum(case when utility = 'power' then usage end) as power_kwh,
        sum(case when utility = 'gas' then usage end) as gas_m3,
        count(*) as utilities_counted,
        {{ deliveries_merged_across(['_deliveries']) }} as _deliveries
    from usages
    group by dwelling_id, month
)

select
    dwellings.dwelling_id,
    dwellings.address_code,
    dwellings.division,
    months.month,
    months.month_number,
    cast(measured.water_m3 as decimal(14, 2)) as water_m3,
    cast(measured.power_kwh as decimal(14, 2)) as power_kwh,
    cast(measured.gas_m3 as decimal(14, 2)) as gas_m3,
    coalesce(measured.utilities_counted, 0) as utilities_counted,
    cast(coalesce(outages.outage_days, 0) as decimal(9, 4)) as outage_days,
    {{ deliveries_merged([
        'dwellings._deliveries', 'measured._deliveries', 'outages._deliveries'
    ]) }} as _deliveries
from dwellings
cross join months
left join measured
    on dwellings.dwelling_id = measured.dwelling_id and months.month = measured.month
left join outages
    on
        dwellings.division = outages.division
        and dwellings.street = outages.street
        and months.month = outages.month
