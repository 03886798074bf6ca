-- Nothing is lost by placing outages and inspections in districts: their counts agree by month.
with told as (
    select
        utility,
        month,
        count(*) as n
    from {{ ref('int_service_outage') }}
    group by utility, month
    union all
    select
        'inspection' as utility,
        {{ month_of('inspected_on') }} as month,
        count(*) as n
    from {{ ref('stg_gas_safety_inspection') }}
    group by {{ month_of('inspected_on') }}
),

placed as (
    select
        utility,
        month,
        sum(outages) as n
    from {{ ref('utility_service_quality') }}
    group by utility, month
    union all
    select
        'inspection' as utility,
        month,
        sum(inspections) as n
    from {{ ref('utility_service_quality') }}
    group by month
)

select
    told.utility,
    told.month
from told
left join placed on told.utility = placed.utility and told.month = placed.month
where told.n <> coalesce(placed.n, 0)
