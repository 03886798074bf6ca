-- What each dwelling's month was made from, apart from its measures: lists are dear to sort and
-- to group, so they are gathered from scalars and meet the measures last.
with dwellings as (
    select * from {{ ref('registered_dwelling') }}
),

accounts as (
    select * from {{ ref('int_dwelling_account') }}
),

bills as (
    select * from {{ ref('utility_bill') }}
),

outages as (
    select * from {{ ref('int_outage_month') }}
),

months as (
    select distinct month from {{ ref('utility_bill') }}
),

account_lists as (
    select
        dwelling_id,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from accounts
    group by dwelling_id
),

bill_lists as (
    select
        accounts.dwelling_id,
        bills.month,
        {{ deliveries_gathered(only_delivery('bills._deliveries')) }} as _deliveries
    from bills
    inner join accounts
        on bills.utility = accounts.utility and bills.account_number = accounts.account_number
    group by accounts.dwelling_id, bills.month
)

select
    dwellings.dwelling_id,
    months.month,
    {{ deliveries_merged([
        'dwellings._deliveries', 'account_lists._deliveries', 'bill_lists._deliveries',
        'outages._deliveries'
    ]) }} as _deliveries
from dwellings
cross join months
left join account_lists on dwellings.dwelling_id = account_lists.dwelling_id
left join bill_lists
    on dwellings.dwelling_id = bill_lists.dwelling_id and months.month = bill_lists.month
left join outages
    on
        dwellings.division = outages.division
        and dwellings.street = outages.street
        and months.month = outages.month
