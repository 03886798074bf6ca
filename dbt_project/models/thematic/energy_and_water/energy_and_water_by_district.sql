with bills as (
    select * from {{ ref('utility_bill') }}
),

accounts as (
    select * from {{ ref('utility_account') }}
),

-- Left join: a bill whose account or district is not known is counted as unresolved, not lost.
-- Grouped by what the rows were made from, so that few lists of deliveries are left to merge.
placed as (
    select
        coalesce(accounts.division, 'unresolved') as district,
        accounts.division,
        bills.month,
        bills.utility,
        coalesce(accounts.kind, 'unknown') as account_kind,
        bills._deliveries as bill_deliveries,
        accounts._deliveries as account_deliveries,
        count(*) as accounts,
        sum(bills.usage) as usage,
        sum(bills.amount) as amount
    from bills
    left join accounts
        on bills.utility = accounts.utility and bills.account_number = accounts.account_number
    group by
        accounts.division, bills.month, bills.utility, accounts.kind, bills._deliveries,
        accounts._deliveries
)

select
    district,
    division,
    month,
    utility,
    account_kind,
    cast(sum(accounts) as bigint) as accounts,
    cast(sum(usage) as decimal(18, 2)) as usage,
    case when utility = 'power' then 'kWh' else 'm³' end as usage_unit,
    cast(sum(amount) as decimal(18, 2)) as amount,
    {{ deliveries_merged_across(deliveries_merged(['bill_deliveries', 'account_deliveries'])) }}
        as _deliveries
from placed
group by district, division, month, utility, account_kind
