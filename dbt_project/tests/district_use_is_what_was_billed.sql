-- Nothing is lost by placing bills in districts: use and count agree by utility and month.
with billed as (
    select
        utility,
        month,
        count(*) as accounts,
        sum(usage) as usage
    from {{ ref('stg_utility_bill') }}
    group by utility, month
),

placed as (
    select
        utility,
        month,
        sum(accounts) as accounts,
        sum(usage) as usage
    from {{ ref('energy_and_water_by_district') }}
    group by utility, month
)

select
    coalesce(billed.utility, placed.utility) as utility,
    coalesce(billed.month, placed.month) as month
from billed
full outer join placed on billed.utility = placed.utility and billed.month = placed.month
where
    coalesce(billed.accounts, 0) <> coalesce(placed.accounts, 0)
    or coalesce(billed.usage, 0) <> coalesce(placed.usage, 0)
