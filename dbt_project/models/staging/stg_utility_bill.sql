with water as (
    select * from {{ source('current', 'water_bill') }}
),

power as (
    select * from {{ source('current', 'power_bill') }}
),

gas as (
    select * from {{ source('current', 'gas_bill') }}
)

select
    'water' as utility,
    account_number,
    month,
    cast(usage_m3 as decimal(18, 2)) as usage,
    cast(amount as decimal(18, 2)) as amount,
    paid_on,
    _delivery
from water
union all
select
    'power' as utility,
    account_number,
    month,
    cast(usage_kwh as decimal(18, 2)) as usage,
    cast(amount as decimal(18, 2)) as amount,
    paid_on,
    _delivery
from power
union all
select
    'gas' as utility,
    account_number,
    month,
    cast(usage_m3 as decimal(18, 2)) as usage,
    cast(amount as decimal(18, 2)) as amount,
    paid_on,
    _delivery
from gas
