-- What companies and the housing register say now of where an account is, and of whether a
-- dwelling is lived in by right: an account tells its address as a code and as a text.
with accounts as (
    select
        *,
        utility || ':' || account_number as account,
        utility || '_account' as resource
    from {{ ref('stg_account_history') }}
    where _until is null
),

read_accounts as (
    select
        accounts.account,
        readings.address_code,
        accounts._as_of,
        accounts._delivery
    from accounts
    inner join {{ ref('address_reading') }} as readings on accounts.address = readings.address_text
),

dwellings as (
    select
        *,
        case
            when use in ('residential', 'apartment', 'dormitory') then 'residential' else 'other'
        end as right_to_use
    from {{ ref('dwelling_history') }}
    where known_to is null
),

lived_in as (
    select
        sites.dwelling_id,
        accounts.resource,
        case when accounts.kind = 'residential' then 'residential' else 'other' end as right_to_use,
        accounts._as_of,
        accounts._delivery
    from accounts
    inner join {{ ref('int_dwelling_account') }} as sites
        on accounts.utility = sites.utility and accounts.account_number = sites.account_number
)

{{ claims_of('accounts', 'utility_account', 'account', none, {
    'address_code': 'address_code'
}, told=true) }}
union all
{{ claims_of('read_accounts', 'utility_account', 'account', 'address_reading', {
    'address_code': 'address_code'
}, told=true) }}
union all
{{ claims_of('dwellings', 'registered_dwelling', 'dwelling_id', 'dwelling', {
    'use': 'right_to_use'
}) }}
union all
{{ claims_of('lived_in', 'registered_dwelling', 'dwelling_id', none, {
    'use': 'right_to_use'
}, told=true) }}
