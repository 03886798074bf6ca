with bills as (
    select * from {{ ref('stg_utility_bill') }}
),

accounts as (
    select * from {{ ref('utility_account') }}
),

-- Left join: a bill whose account or district is not known is counted as unresolved, not lost.
placed as (
    select
        coalesce(accounts.division, 'unresolved') as district,
        accounts.division,
        bills.month,
        bills.utility,
        coalesce(accounts.kind, 'unknown') as account_kind,
        bills.account_number,
        bills.usage,
        bills.amount,
        {{ deliveries_merged(['[bills._delivery]', 'accounts._deliveries']) }} as _deliveries
    from bills
    left join accounts
        on bills.utility = accounts.utility and bills.account_number = accounts.account_number
)

select
    district,
    division,
    month,
    utility,
    account_kind,
    count(distinct account_number) as accounts,
    count(*) as bills,
    cast(sum(usage) as decimal(18, 2)) as usage,
    case when utility = 'power' then 'kWh' else 'm³' end as usage_unit,
    cast(sum(amount) as decimal(18, 2)) as amount,
    {{ deliveries_merged_across(['_deliveries']) }} as _deliveries
from placed
group by district, division, month, utility, account_kind
