with cells as (
    select * from {{ ref('int_city_cell') }}
)

select
    district,
    case when district <> 'unresolved' then district end as division,
    day,
    cast({{ measured('water_m3') }} as decimal(18, 2)) as water_m3,
    cast({{ measured('power_kwh') }} as decimal(18, 2)) as power_kwh,
    cast({{ measured('gas_m3') }} as decimal(18, 2)) as gas_m3,
    cast({{ measured('water_outages') }} as bigint) as water_outages,
    cast({{ measured('power_outages') }} as bigint) as power_outages,
    cast({{ measured('customers_interrupted') }} as bigint) as customers_interrupted,
    cast({{ measured('complaints') }} as bigint) as complaints,
    cast({{ measured('complaints_closed') }} as bigint) as complaints_closed,
    cast({{ measured('births') }} as bigint) as births,
    cast({{ measured('deaths') }} as bigint) as deaths,
    cast({{ measured('enterprises_registered') }} as bigint) as enterprises_registered,
    cast({{ measured('enterprises_cancelled') }} as bigint) as enterprises_cancelled,
    cast({{ measured('permits_issued') }} as bigint) as permits_issued,
    cast({{ measured('penalties') }} as bigint) as penalties,
    {{ deliveries_merged_across('_deliveries') }} as _deliveries
from cells
group by district, day
