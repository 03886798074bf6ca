{{ config(partition_by='read_on') }}

with readings as (
    select * from {{ ref('stg_utility_reading') }}
)

select
    utility,
    meter_id,
    read_on,
    usage,
    case when utility = 'power' then 'kWh' else 'm³' end as usage_unit,
    read_kind,
    {{ deliveries_of(['_delivery']) }} as _deliveries
from readings
