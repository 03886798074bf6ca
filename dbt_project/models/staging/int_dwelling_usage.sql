-- Billed use of each dwelling by month. What is billed at an address of several dwellings cannot
-- be split among them, so such dwellings have no use here.
with dwellings as (
    select
        address_code,
        min(dwelling_id) as dwelling_id
    from {{ ref('registered_dwelling') }}
    group by address_code
    having count(*) = 1
),

accounts as (
    select
        dwellings.dwelling_id,
        accounts.utility,
        accounts.account_number,
        accounts._deliveries
    from {{ ref('utility_account') }} as accounts
    inner join dwellings on accounts.address_code = dwellings.address_code
),

-- Lists are merged once a dwelling, not once a bill: there are many more bills.
account_deliveries as (
    select
        dwelling_id,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from accounts
    group by dwelling_id
),

bills as (
    select * from {{ ref('stg_utility_bill') }}
    where usage is not null
),

used as (
    select
        accounts.dwelling_id,
        bills.month,
        sum(case when bills.utility = 'water' then bills.usage end) as water_m3,
        sum(case when bills.utility = 'power' then bills.usage end) as power_kwh,
        sum(case when bills.utility = 'gas' then bills.usage end) as gas_m3,
        count(distinct bills.utility) as utilities_counted,
        {{ deliveries_across('bills._delivery') }} as _deliveries
    from bills
    inner join accounts
        on bills.utility = accounts.utility and bills.account_number = accounts.account_number
    group by accounts.dwelling_id, bills.month
)

select
    used.dwelling_id,
    used.month,
    used.water_m3,
    used.power_kwh,
    used.gas_m3,
    used.utilities_counted,
    used._deliveries as bill_deliveries,
    account_deliveries._deliveries as account_deliveries
from used
inner join account_deliveries on used.dwelling_id = account_deliveries.dwelling_id
