with water as (
    select * from {{ source('current', 'water_reading') }}
),

power as (
    select * from {{ source('current', 'power_reading') }}
),

gas as (
    select * from {{ source('current', 'gas_reading') }}
)

select
    'water' as utility,
    meter_id,
    read_on,
    usage_m3 as usage,
    read_kind,
    _delivery
from water
union all
select
    'power' as utility,
    meter_id,
    read_on,
    usage_kwh as usage,
    read_kind,
    _delivery
from power
union all
select
    'gas' as utility,
    meter_id,
    read_on,
    usage_m3 as usage,
    read_kind,
    _delivery
from gas
