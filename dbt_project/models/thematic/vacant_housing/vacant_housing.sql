with dwelling_months as (
    select * from {{ ref('int_dwelling_month') }}
),

norms as (
    select * from {{ ref('vacancy_definition') }}
),

deliveries as (
    select * from {{ ref('int_dwelling_deliveries') }}
),

judged as (
    select
        dwelling_months.dwelling_id,
        dwelling_months.month_number,
        dwelling_months.address_code,
        dwelling_months.division,
        dwelling_months.month,
        dwelling_months.water_m3,
        dwelling_months.power_kwh,
        dwelling_months.gas_m3,
        dwelling_months.utilities_counted,
        dwelling_months.outage_days,
        norms.long_vacant_months,
        case
            when norms.valid_from is null then 'unknown'
            when dwelling_months.utilities_counted < norms.utilities_at_least then 'unknown'
            when dwelling_months.outage_days > norms.outage_days_at_most then 'unknown'
            when coalesce(dwelling_months.water_m3, 0) >= norms.water_below_m3 then 'occupied'
            when coalesce(dwelling_months.power_kwh, 0) >= norms.power_below_kwh then 'occupied'
            when coalesce(dwelling_months.gas_m3, 0) >= norms.gas_below_m3 then 'occupied'
            else 'vacant'
        end as status
    from dwelling_months
    left join norms
        on
            dwelling_months.month >= norms.valid_from
            and dwelling_months.month <= coalesce(norms.valid_to, dwelling_months.month)
),

-- Months of vacancy that follow one another share a run; any other month between ends it.
runs as (
    select
        dwelling_id,
        month_number,
        month_number - row_number() over (partition by dwelling_id order by month_number) as run
    from judged
    where status = 'vacant'
),

counted as (
    select
        dwelling_id,
        month_number,
        row_number() over (partition by dwelling_id, run order by month_number) as in_row
    from runs
)

select
    judged.dwelling_id,
    judged.address_code,
    judged.division,
    judged.month,
    judged.water_m3,
    judged.power_kwh,
    judged.gas_m3,
    judged.utilities_counted,
    judged.outage_days,
    judged.status,
    coalesce(counted.in_row, 0) as months_vacant_in_row,
    coalesce(counted.in_row >= judged.long_vacant_months, false) as long_vacant,
    deliveries._deliveries
from judged
left join deliveries
    on judged.dwelling_id = deliveries.dwelling_id and judged.month = deliveries.month
left join counted
    on judged.dwelling_id = counted.dwelling_id and judged.month_number = counted.month_number
