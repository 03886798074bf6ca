-- Accounts of supported households: those of their home, whoever holds them; where it has none,
-- those that the applicant holds, for as long as he does.
with households as (
    select * from {{ ref('int_support_household') }}
),

accounts as (
    select * from {{ ref('utility_account') }}
    where kind = 'residential'
),

holders as (
    select * from {{ ref('int_account_holder') }}
),

at_home as (
    select
        households.household_number,
        accounts.utility,
        accounts.account_number,
        accounts._deliveries
    from households
    inner join accounts on households.address_code = accounts.address_code
),

housed as (
    select distinct household_number from at_home
)

select
    at_home.household_number,
    at_home.utility,
    at_home.account_number,
    'address' as found_by,
    holders.spell,
    holders.from_month,
    holders.before_month,
    {{ deliveries_merged(['at_home._deliveries', 'holders._deliveries']) }} as _deliveries
from at_home
inner join holders
    on at_home.utility = holders.utility and at_home.account_number = holders.account_number
union all
select
    households.household_number,
    accounts.utility,
    accounts.account_number,
    'holder' as found_by,
    holders.spell,
    holders.from_month,
    holders.before_month,
    {{ deliveries_merged(['accounts._deliveries', 'holders._deliveries']) }} as _deliveries
from households
left join housed on households.household_number = housed.household_number
inner join holders on households.applicant_id = holders.holder
inner join accounts
    on holders.utility = accounts.utility and holders.account_number = accounts.account_number
where housed.household_number is null
