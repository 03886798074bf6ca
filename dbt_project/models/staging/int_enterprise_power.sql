-- Power billed to bodies by month, whoever held the account then. `uscc` is null where no register
-- has the holder, or the account is not known: homes of persons do not count.
with bills as (
    select * from {{ ref('utility_bill') }}
    where utility = 'power'
),

accounts as (
    select * from {{ ref('utility_account') }}
),

holders as (
    select * from {{ ref('int_account_holder') }}
),

entities as (
    select * from {{ ref('legal_entity') }}
)

select
    entities.uscc,
    bills.month,
    sum(bills.usage) as power_kwh,
    {{ deliveries_merged([
        'bills._deliveries', 'accounts._deliveries', 'holders._deliveries'
    ]) }} as _deliveries
from bills
left join accounts
    on bills.utility = accounts.utility and bills.account_number = accounts.account_number
left join holders
    on
        bills.utility = holders.utility
        and bills.account_number = holders.account_number
        and bills.month >= holders.from_month
        and bills.month < holders.before_month
left join entities on holders.holder = entities.uscc
where
    coalesce(accounts.kind, 'unknown') <> 'residential'
    or entities.uscc is not null
group by
    entities.uscc, bills.month, bills._deliveries, accounts._deliveries, holders._deliveries
