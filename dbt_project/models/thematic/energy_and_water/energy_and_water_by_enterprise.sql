with bills as (
    select * from {{ ref('stg_utility_bill') }}
),

accounts as (
    select * from {{ ref('utility_account') }}
    where kind <> 'residential' or holder_kind = 'legal_entity'
),

entities as (
    select * from {{ ref('legal_entity') }}
),

-- A holder that no register knows may be a person: counted as unresolved, its number not shown.
billed as (
    select
        coalesce(entities.uscc, 'unresolved') as enterprise,
        entities.uscc,
        entities.name,
        entities.industry,
        entities.division,
        bills.month,
        bills.utility,
        bills.account_number,
        bills.usage,
        bills.amount,
        {{ deliveries_merged([
            '[bills._delivery]', 'accounts._deliveries', 'entities._deliveries'
        ]) }} as _deliveries
    from bills
    inner join accounts
        on bills.utility = accounts.utility and bills.account_number = accounts.account_number
    left join entities on accounts.holder = entities.uscc
)

select
    enterprise,
    uscc,
    name,
    industry,
    division,
    month,
    count(distinct utility || account_number) as accounts,
    count(*) as bills,
    cast(sum(case when utility = 'water' then usage end) as decimal(18, 2)) as water_m3,
    cast(sum(case when utility = 'power' then usage end) as decimal(18, 2)) as power_kwh,
    cast(sum(case when utility = 'gas' then usage end) as decimal(18, 2)) as gas_m3,
    cast(sum(amount) as decimal(18, 2)) as amount,
    {{ deliveries_merged_across(['_deliveries']) }} as _deliveries
from billed
group by enterprise, uscc, name, industry, division, month
