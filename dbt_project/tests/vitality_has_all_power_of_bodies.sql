-- Nothing is lost by placing bodies: power is that of all bills but those of persons' homes.
with billed as (
    select
        month,
        sum(power_kwh) as power_kwh
    from {{ ref('int_enterprise_power') }}
    group by month
),

homes as (
    select
        bills.month,
        sum(bills.usage) as power_kwh
    from {{ ref('utility_bill') }} as bills
    inner join {{ ref('utility_account') }} as accounts
        on bills.utility = accounts.utility and bills.account_number = accounts.account_number
    where bills.utility = 'power' and accounts.kind = 'residential'
    group by bills.month
),

every as (
    select
        month,
        sum(usage) as power_kwh
    from {{ ref('utility_bill') }}
    where utility = 'power'
    group by month
),

placed as (
    select
        month,
        sum(power_kwh) as power_kwh
    from {{ ref('enterprise_vitality') }}
    group by month
)

select every.month
from every
left join billed on every.month = billed.month
left join homes on every.month = homes.month
left join placed on every.month = placed.month
where
    coalesce(placed.power_kwh, 0) <> coalesce(billed.power_kwh, 0)
    or coalesce(placed.power_kwh, 0) + coalesce(homes.power_kwh, 0) < every.power_kwh
