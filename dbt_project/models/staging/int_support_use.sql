-- Use of each utility by supported household and month, and what it may tell. A fall is judged only
-- where every account was the same holder's in the month before.
with bills as (
    select * from {{ ref('int_support_bill') }}
),

norms as (
    select * from {{ ref('support_definition') }}
),

households as (
    select * from {{ ref('int_support_household') }}
),

outages as (
    select * from {{ ref('int_outage_month') }}
),

used as (
    select
        household_number,
        utility,
        month,
        min(found_by) as found_by,
        sum(usage) as usage,
        case when count(usage_before) = count(*) then sum(usage_before) end as usage_before,
        sum(overdue) as overdue,
        sum(overdue_amount) as overdue_amount,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from bills
    group by household_number, utility, month
)

select
    used.household_number,
    used.utility,
    used.month,
    used.found_by,
    used.overdue,
    used.overdue_amount,
    case
        when norms.utility is null or outages.outage_days > norms.outage_days_at_most
            then 'not_judged'
        when used.usage < norms.no_use_below then 'no_use'
        when
            used.usage_before >= norms.fall_from
            and used.usage <= used.usage_before * norms.falls_to then 'falling'
        else 'none'
    end as sign,
    {{ deliveries_merged(['used._deliveries', 'outages._deliveries']) }} as _deliveries
from used
inner join households on used.household_number = households.household_number
left join norms
    on
        used.utility = norms.utility
        and used.month >= norms.valid_from
        and used.month <= coalesce(norms.valid_to, '9999-99')
left join outages
    on
        households.division = outages.division
        and households.street = outages.street
        and used.month = outages.month
