-- What the three companies ever told of their accounts, in one form. Their deliveries are numbered
-- each for itself: an account has one company.
with water as (
    select * from {{ source('history', 'water_account') }}
),

power as (
    select * from {{ source('history', 'power_account') }}
),

gas as (
    select * from {{ source('history', 'gas_account') }}
)

{{ of_each_utility([
    'account_number', 'kind', 'holder_name', 'holder_id_or_uscc as holder', 'address',
    'address_code', 'opened_on', 'closed_on', '_delivery', '_row', '_as_of', '_until',
    '_order'
]) }}
