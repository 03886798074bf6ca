-- Billed use of each dwelling by month and utility. What is billed at an address of several
-- dwellings cannot be split among them, so such dwellings have no use here.
with dwellings as (
    select
        address_code,
        min(dwelling_id) as dwelling_id
    from {{ ref('registered_dwelling') }}
    group by address_code
    having count(*) = 1
),

accounts as (
    select * from {{ ref('utility_account') }}
),

bills as (
    select * from {{ ref('stg_utility_bill') }}
    where usage is not null
)

select
    dwellings.dwelling_id,
    bills.month,
    bills.utility,
    sum(bills.usage) as usage,
    {{ deliveries_merged_across(['[bills._delivery]', 'accounts._deliveries']) }} as _deliveries
from bills
inner join accounts
    on bills.utility = accounts.utility and bills.account_number = accounts.account_number
inner join dwellings on accounts.address_code = dwellings.address_code
group by dwellings.dwelling_id, bills.month, bills.utility
