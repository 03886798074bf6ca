-- What registers say now of bodies: names without city and legal form, addresses as the standard
-- address that they are read as, capital in yuan.
with spells as (
    select
        histories.*,
        readings.address_code
    from {{ ref('legal_entity_history') }} as histories
    left join {{ ref('address_reading') }} as readings
        on histories.address = readings.address_text
    where histories.known_to is null
),

registrations as (
    select * from spells
    where told_by = 'enterprise_registration'
),

texts as (
    select
        uscc,
        case when type_known = 'text' then type end as type,
        case when capital_currency = 'CNY' then capital_amount end as registered_capital
    from {{ ref('int_publication') }}
),

publications as (
    select
        spells.uscc,
        spells.name,
        spells.established_on,
        spells.address_code,
        spells.known_from,
        spells._deliveries,
        texts.type,
        texts.registered_capital
    from spells
    left join texts on spells.uscc = texts.uscc
    where spells.told_by = 'enterprise_publication'
),

types as (
    select * from {{ ref('stg_enterprise_registration') }}
),

registered as (
    select
        registrations.uscc,
        registrations.name,
        registrations.established_on,
        registrations.address_code,
        registrations.known_from,
        registrations._deliveries,
        types.type,
        registrations.registered_capital
    from registrations
    left join types on registrations.uscc = types.uscc
),

penalties as (
    select * from {{ ref('stg_penalty_history') }}
)

{% for rows, resource in {
    'registered': 'enterprise_registration', 'publications': 'enterprise_publication'
}.items() -%}
    {{ claims_of(rows, 'legal_entity', 'uscc', resource, {
        'name': name_core(plain_text('name')), 'type': 'type', 'address': 'address_code',
        'established_on': 'cast(established_on as varchar)',
        'registered_capital': 'cast(cast(registered_capital as decimal(20, 4)) as varchar)'
    }) }}
    union all
{% endfor -%}
{{ claims_of('penalties', 'legal_entity', 'uscc', 'administrative_penalty', {
    'name': name_core(plain_text('name'))
}, told=true) }}
