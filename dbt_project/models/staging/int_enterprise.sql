-- Enterprises that the register or its publication knows, with what each item is and how it is
-- known. An amount of the register is in yuan: its item says so.
with registrations as (
    select * from {{ ref('stg_enterprise_registration') }}
),

publications as (
    select * from {{ ref('int_publication') }}
),

-- Bodies that the register lacks stay visible by known_from.
identities as (
    select uscc from registrations
    union distinct
    select uscc from publications
)

select
    identities.uscc,
    {{ one_source('legal_entity', 'name', {
        'enterprise_registration': 'registrations.name',
        'enterprise_publication': 'publications.name',
    }) }} as name,
    {{ one_source('legal_entity', 'type', {
        'enterprise_registration': 'registrations.type',
        'enterprise_publication': 'publications.type',
    }) }} as type,
    registrations.status,
    {{ one_source('legal_entity', 'industry', {
        'enterprise_registration': 'registrations.industry',
        'enterprise_publication': 'publications.industry',
    }) }} as industry,
    {{ one_source('legal_entity', 'established_on', {
        'enterprise_registration': 'registrations.established_on',
        'enterprise_publication': 'publications.registered_on',
    }) }} as established_on,
    registrations.cancelled_on,
    {{ one_source('legal_entity', 'registered_capital', {
        'enterprise_registration': 'registrations.registered_capital',
        'enterprise_publication': 'publications.capital_amount',
    }) }} as capital_amount,
    case
        when registrations.registered_capital is not null then 'CNY'
        else publications.capital_currency
    end as capital_currency,
    publications.capital_text,
    {{ one_source('legal_entity', 'registered_division', {
        'enterprise_registration': 'registrations.division',
        'enterprise_publication': 'publications.division',
    }) }} as registered_division,
    {{ one_source('legal_entity', 'address', {
        'enterprise_registration': 'registrations.address',
        'enterprise_publication': 'publications.address',
    }) }} as address,
    case when registrations.type is not null then 'told' else publications.type_known end
        as type_known,
    case
        when registrations.industry is not null then 'told' else publications.industry_known
    end as industry_known,
    case
        when registrations.registered_capital is not null then 'told'
        else coalesce(publications.capital_known, 'none')
    end as capital_known,
    case
        when registrations.division is not null then 'told'
        else publications.division_known
    end as division_known,
    case
        when registrations.uscc is not null then 'enterprise_registration'
        else 'enterprise_publication'
    end as known_from,
    registrations._delivery as registration_delivery,
    publications._delivery as publication_delivery
from identities
left join registrations on identities.uscc = registrations.uscc
left join publications on identities.uscc = publications.uscc
