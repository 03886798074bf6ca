-- When each gas account is to be inspected next, as was known at the end of each month: the last
-- inspection says it. A home that refused keeps the day that was due before.
with inspections as (
    select
        inspection_number,
        account_number,
        inspected_on,
        {{ month_of('inspected_on') }} as month,
        {{ month_of('next_due') }} as due_month,
        _delivery
    from {{ ref('stg_gas_safety_inspection') }}
    where next_due is not null
),

months as (
    select * from {{ ref('int_service_month') }}
),

ranked as (
    select
        inspections.account_number,
        months.month,
        inspections.due_month,
        inspections._delivery,
        row_number() over (
            partition by inspections.account_number, months.month
            order by inspections.inspected_on desc, inspections.inspection_number desc
        ) as place
    from months
    inner join inspections on months.month >= inspections.month
)

select
    account_number,
    month,
    due_month,
    {{ deliveries_of(['_delivery']) }} as _deliveries
from ranked
where place = 1
