-- Accounts open at the end of each month, by utility and district. Of gas: whether the inspection
-- that was due by then is overdue, and whether none was ever made.
with accounts as (
    select
        *,
        case when utility = 'gas' then account_number end as inspected_account,
        {{ month_of('opened_on') }} as opened_month,
        coalesce({{ month_of('closed_on') }}, '9999-99') as closed_month
    from {{ ref('utility_account') }}
),

months as (
    select * from {{ ref('int_service_month') }}
),

dues as (
    select * from {{ ref('int_service_due') }}
)

select
    coalesce(accounts.division, 'unresolved') as district,
    accounts.utility,
    months.month,
    count(*) as customers,
    sum(case when dues.due_month <= months.month then 1 else 0 end) as overdue,
    sum(case when dues.due_month is null then 1 else 0 end) as uninspected,
    {{ deliveries_merged(['accounts._deliveries', 'dues._deliveries']) }} as _deliveries
from accounts
inner join months
    on accounts.opened_month <= months.month and accounts.closed_month > months.month
left join dues
    on accounts.inspected_account = dues.account_number and months.month = dues.month
group by
    accounts.division, accounts.utility, months.month, accounts._deliveries, dues._deliveries
