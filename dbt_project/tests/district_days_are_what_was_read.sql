-- Nothing is lost by placing meters in districts: use and count agree by utility and day.
with read as (
    select
        utility,
        read_on,
        count(*) as meters,
        sum(usage) as usage
    from {{ ref('stg_utility_reading') }}
    group by utility, read_on
),

placed as (
    select
        utility,
        read_on,
        sum(meters) as meters,
        sum(usage) as usage
    from {{ ref('daily_usage_by_district') }}
    group by utility, read_on
)

select
    coalesce(read.utility, placed.utility) as utility,
    coalesce(read.read_on, placed.read_on) as read_on
from read
full outer join placed on read.utility = placed.utility and read.read_on = placed.read_on
where
    coalesce(read.meters, 0) <> coalesce(placed.meters, 0)
    or coalesce(read.usage, 0) <> coalesce(placed.usage, 0)
