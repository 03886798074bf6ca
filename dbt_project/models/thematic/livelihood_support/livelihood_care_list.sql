with months as (
    select * from {{ ref('int_support_month') }}
)

select
    household_number,
    month,
    division,
    address_code,
    members,
    found_by,
    coalesce(water_sign, 'not_counted') as water_sign,
    coalesce(power_sign, 'not_counted') as power_sign,
    coalesce(gas_sign, 'not_counted') as gas_sign,
    cast(overdue as bigint) as bills_overdue,
    cast(overdue_amount as decimal(18, 2)) as amount_overdue,
    _deliveries
from months
where no_use + falling + overdue > 0
