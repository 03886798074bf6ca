-- Billed use of each dwelling by month; a null use is a utility without a bill.
with accounts as (
    select * from {{ ref('int_dwelling_account') }}
),

bills as (
    select * from {{ ref('utility_bill') }}
)

select
    accounts.dwelling_id,
    bills.month,
    cast(sum(case when bills.utility = 'water' then bills.usage end) as decimal(14, 2))
        as water_m3,
    cast(sum(case when bills.utility = 'power' then bills.usage end) as decimal(14, 2))
        as power_kwh,
    cast(sum(case when bills.utility = 'gas' then bills.usage end) as decimal(14, 2))
        as gas_m3
from bills
inner join accounts
    on bills.utility = accounts.utility and bills.account_number = accounts.account_number
group by accounts.dwelling_id, bills.month
