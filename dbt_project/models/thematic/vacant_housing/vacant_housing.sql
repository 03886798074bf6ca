with dwellings as (
    select * from {{ ref('registered_dwelling') }}
),

measured as (
    select * from {{ ref('int_dwelling_month') }}
),

months as (
    select distinct
        month,
        month_number
    from measured
),

judged as (
    select
        dwellings.dwelling_id,
        dwellings.address_code,
        dwellings.division,
        months.month,
        months.month_number,
        measured.water_m3,
        measured.power_kwh,
        measured.gas_m3,
        coalesce(measured.utilities_counted, 0) as utilities_counted,
        cast(coalesce(measured.outage_days, 0) as decimal(9, 4)) as outage_days,
        norm.long_vacant_months,
        case
            when coalesce(measured.utilities_counted < norm.utilities_at_least, true) then 'unknown'
            when measured.outage_days > norm.outage_days_at_most then 'unknown'
            when coalesce(measured.water_m3, 0) >= norm.water_below_m3 then 'occupied'
            when coalesce(measured.power_kwh, 0) >= norm.power_below_kwh then 'occupied'
            when coalesce(measured.gas_m3, 0) >= norm.gas_below_m3 then 'occupied'
            else 'vacant'
        end as status,
        {{ deliveries_merged(['dwellings._deliveries', 'measured._deliveries']) }} as _deliveries
    from dwellings
    cross join months
    left join measured
        on dwellings.dwelling_id = measured.dwelling_id and months.month = measured.month
    left join {{ ref('vacancy_definition') }} as norm
        on months.month between norm.valid_from and coalesce(norm.valid_to, '9999')
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
    judged._deliveries
from judged
left join counted
    on judged.dwelling_id = counted.dwelling_id and judged.month_number = counted.month_number
