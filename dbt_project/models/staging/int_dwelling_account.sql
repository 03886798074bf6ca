-- Accounts at addresses that hold one dwelling: what is billed where several dwellings share an
-- address cannot be split among them.
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
)

select
    dwellings.dwelling_id,
    accounts.utility,
    accounts.account_number,
    accounts._deliveries
from accounts
inner join dwellings on accounts.address_code = dwellings.address_code
