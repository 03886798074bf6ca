-- What counts as vacant (ours), by the first and last month in which it holds: another city,
-- or another year, is another row here.
select
    cast('2000-01' as varchar) as valid_from,
    cast(null as varchar) as valid_to,
    cast(1 as decimal(14, 2)) as water_below_m3,
    cast(10 as decimal(14, 2)) as power_below_kwh,
    cast(1 as decimal(14, 2)) as gas_below_m3,
    2 as utilities_at_least,
    5 as outage_days_at_most,
    6 as long_vacant_months
