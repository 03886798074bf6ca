-- Outages by the district and month in which they began. One without an end is counted to the end
-- of that month.
with outages as (
    select
        *,
        {{ month_of('started_at') }} as month,
        cast({{ dbt.dateadd('month', 1, dbt.date_trunc('month', 'started_at')) }} as timestamp)
            as month_end
    from {{ ref('stg_utility_outage') }}
),

divisions as (
    select * from {{ ref('int_current_district') }}
),

timed as (
    select
        outages.utility,
        outages.month,
        cast(outages.started_at as date) as day,
        coalesce({{ district_of('outages.division') }}, 'unresolved') as district,
        case when outages.kind = 'planned' then 1 else 0 end as planned,
        case when outages.ended_at is null then 1 else 0 end as unended,
        outages.households,
        {{ dbt.datediff(
            'outages.started_at', 'coalesce(outages.ended_at, outages.month_end)', 'second'
        ) }} as seconds,
        {{ deliveries_merged(['[outages._delivery]', 'divisions._deliveries']) }} as _deliveries
    from outages
    left join divisions on outages.division = divisions.code
)

select
    district,
    utility,
    month,
    day,
    planned,
    unended,
    households,
    cast(households as bigint) * cast(seconds as bigint) as customer_seconds,
    _deliveries
from timed
