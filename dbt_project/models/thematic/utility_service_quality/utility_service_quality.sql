with cells as (
    select * from {{ ref('int_service_cell') }}
),

measured as (
    select
        district,
        utility,
        month,
        {{ measured('customers') }} as customers,
        {{ measured('outages') }} as outages,
        {{ measured('outages_planned') }} as outages_planned,
        {{ measured('outages_unended') }} as outages_unended,
        {{ measured('customers_interrupted') }} as customers_interrupted,
        {{ measured('customer_seconds') }} as customer_seconds,
        {{ measured('complaints') }} as complaints,
        {{ measured('complaints_closed') }} as complaints_closed,
        {{ measured('seconds_to_close') }} as seconds_to_close,
        {{ measured('pressure_readings') }} as pressure_readings,
        {{ measured('pressure_low') }} as pressure_low,
        {{ measured('inspections') }} as inspections,
        {{ measured('hazards_serious') }} as hazards_serious,
        {{ measured('inspections_refused') }} as inspections_refused,
        {{ measured('overdue') }} as overdue,
        {{ measured('uninspected') }} as uninspected,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from cells
    group by district, utility, month
)

select
    district,
    case when district <> 'unresolved' then district end as division,
    utility,
    month,
    cast(customers as bigint) as customers,
    cast(outages as bigint) as outages,
    cast(outages_planned as bigint) as outages_planned,
    cast(outages_unended as bigint) as outages_unended,
    cast(customers_interrupted as bigint) as customers_interrupted,
    cast(customer_seconds / 60 as decimal(18, 2)) as customer_minutes,
    cast(customers_interrupted / nullif(customers, 0) as decimal(18, 4)) as saifi,
    cast(customer_seconds / nullif(customers * 60, 0) as decimal(18, 4)) as saidi,
    cast(complaints as bigint) as complaints,
    cast(complaints_closed as bigint) as complaints_closed,
    cast(seconds_to_close / nullif(complaints_closed * 3600, 0) as decimal(18, 2))
        as hours_to_close,
    cast(pressure_readings as bigint) as pressure_readings,
    cast(pressure_low as bigint) as pressure_low,
    cast(inspections as bigint) as inspections,
    cast(hazards_serious as bigint) as hazards_serious,
    cast(inspections_refused as bigint) as inspections_refused,
    cast(overdue as bigint) as inspections_overdue,
    cast(uninspected as bigint) as customers_uninspected,
    _deliveries
from measured
