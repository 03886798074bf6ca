-- Bills of supported households with the use of the month before, if the same holder had it then.
-- A bill is overdue when it is unpaid and its company has billed a later month.
with accounts as (
    select * from {{ ref('int_support_account') }}
),

bills as (
    select * from {{ ref('utility_bill') }}
),

newest as (
    select
        utility,
        max(month) as month
    from bills
    group by utility
),

billed as (
    select
        accounts.household_number,
        accounts.found_by,
        accounts.spell,
        bills.utility,
        bills.account_number,
        bills.month,
        {{ month_number('bills.month') }} as month_number,
        bills.usage,
        case when bills.paid_on is null and bills.month < newest.month then 1 else 0 end
            as overdue,
        bills.amount,
        {{ deliveries_merged(['bills._deliveries', 'accounts._deliveries']) }} as _deliveries
    from bills
    inner join accounts
        on
            bills.utility = accounts.utility
            and bills.account_number = accounts.account_number
            and bills.month >= accounts.from_month
            and bills.month < accounts.before_month
    inner join newest on bills.utility = newest.utility
)

select
    billed.household_number,
    billed.found_by,
    billed.utility,
    billed.month,
    billed.usage,
    earlier.usage as usage_before,
    billed.overdue,
    case when billed.overdue = 1 then billed.amount else 0 end as overdue_amount,
    {{ deliveries_merged(['billed._deliveries', 'earlier._deliveries']) }} as _deliveries
from billed
left join billed as earlier
    on
        billed.household_number = earlier.household_number
        and billed.utility = earlier.utility
        and billed.account_number = earlier.account_number
        and billed.spell = earlier.spell
        and billed.month_number = earlier.month_number + 1
