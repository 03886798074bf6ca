-- Every supported household in every month of bills while it is supported, with what its use and
-- bills may tell; `matched` says whether any bill could be found for it.
with households as (
    select * from {{ ref('int_support_household') }}
),

months as (
    select distinct month from {{ ref('utility_bill') }}
),

uses as (
    select
        household_number,
        month,
        min(found_by) as found_by,
        max(case when utility = 'water' then sign end) as water_sign,
        max(case when utility = 'power' then sign end) as power_sign,
        max(case when utility = 'gas' then sign end) as gas_sign,
        sum(case when sign = 'no_use' then 1 else 0 end) as no_use,
        sum(case when sign = 'falling' then 1 else 0 end) as falling,
        sum(overdue) as overdue,
        sum(overdue_amount) as overdue_amount,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from {{ ref('int_support_use') }}
    group by household_number, month
)

select
    households.household_number,
    households.members,
    households.address_code,
    households.division,
    months.month,
    uses.found_by,
    case when uses.household_number is null then 0 else 1 end as matched,
    uses.water_sign,
    uses.power_sign,
    uses.gas_sign,
    coalesce(uses.no_use, 0) as no_use,
    coalesce(uses.falling, 0) as falling,
    coalesce(uses.overdue, 0) as overdue,
    coalesce(uses.overdue_amount, 0) as overdue_amount,
    {{ deliveries_merged(['households._deliveries', 'uses._deliveries']) }} as _deliveries
from households
inner join months
    on households.from_month <= months.month and households.last_month >= months.month
left join uses
    on households.household_number = uses.household_number and months.month = uses.month
