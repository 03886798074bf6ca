-- Daily pressure at the points of the water mains, and whether it kept to the norm of its month.
with pressures as (
    select
        *,
        {{ month_of('measured_on') }} as month
    from {{ ref('stg_water_pressure') }}
),

norms as (
    select * from {{ ref('service_definition') }}
),

divisions as (
    select * from {{ ref('int_current_district') }}
)

select
    coalesce({{ district_of('pressures.division') }}, 'unresolved') as district,
    'water' as utility,
    pressures.month,
    case when pressures.lowest_mpa < norms.pressure_mpa_at_least then 1 else 0 end as low,
    {{ deliveries_merged(['[pressures._delivery]', 'divisions._deliveries']) }} as _deliveries
from pressures
left join divisions on pressures.division = divisions.code
left join norms
    on
        pressures.month >= norms.valid_from
        and pressures.month <= coalesce(norms.valid_to, pressures.month)
