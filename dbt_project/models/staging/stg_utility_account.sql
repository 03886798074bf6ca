with water as (
    select * from {{ source('current', 'water_account') }}
),

power as (
    select * from {{ source('current', 'power_account') }}
),

gas as (
    select * from {{ source('current', 'gas_account') }}
)

{{ of_each_utility([
    'account_number', 'kind', 'meter_id', 'holder_name', 'holder_id_or_uscc as holder',
    'address', 'address_code', 'opened_on', 'closed_on', '_delivery'
]) }}
