{{ config(partition_by='month') }}

with bills as (
    select * from {{ ref('stg_utility_bill') }}
)

select
    utility,
    account_number,
    month,
    usage,
    case when utility = 'power' then 'kWh' else 'm³' end as usage_unit,
    amount,
    paid_on,
    {{ deliveries_of(['_delivery']) }} as _deliveries
from bills
