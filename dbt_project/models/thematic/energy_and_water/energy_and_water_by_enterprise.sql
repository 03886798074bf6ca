with bills as (
    select * from {{ ref('utility_bill') }}
),

-- A holder that no register knows may be a person: counted as unresolved, its number not shown.
accounts as (
    select
        utility,
        account_number,
        case when holder_kind = 'legal_entity' then holder end as uscc,
        _deliveries
    from {{ ref('utility_account') }}
    where kind <> 'residential' or holder_kind = 'legal_entity'
),

-- Grouped by what the rows were made from, so that few lists of deliveries are left to merge.
billed as (
    select
        bills.month,
        accounts.uscc,
        bills._deliveries as bill_deliveries,
        accounts._deliveries as account_deliveries,
        count(*) as accounts,
        sum(case when bills.utility = 'water' then bills.usage end) as water_m3,
        sum(case when bills.utility = 'power' then bills.usage end) as power_kwh,
        sum(case when bills.utility = 'gas' then bills.usage end) as gas_m3,
        sum(bills.amount) as amount
    from bills
    inner join accounts
        on bills.utility = accounts.utility and bills.account_number = accounts.account_number
    group by bills.month, accounts.uscc, bills._deliveries, accounts._deliveries
),

entities as (
    select * from {{ ref('legal_entity') }}
)

select
    coalesce(billed.uscc, 'unresolved') as enterprise,
    billed.uscc,
    entities.name,
    entities.industry,
    entities.division,
    billed.month,
    cast(sum(billed.accounts) as bigint) as accounts,
    cast(sum(billed.water_m3) as decimal(18, 2)) as water_m3,
    cast(sum(billed.power_kwh) as decimal(18, 2)) as power_kwh,
    cast(sum(billed.gas_m3) as decimal(18, 2)) as gas_m3,
    cast(sum(billed.amount) as decimal(18, 2)) as amount,
    {{ deliveries_merged_across(deliveries_merged([
        'billed.bill_deliveries', 'billed.account_deliveries', 'entities._deliveries'
    ])) }} as _deliveries
from billed
left join entities on billed.uscc = entities.uscc
group by billed.uscc, entities.name, entities.industry, entities.division, billed.month
