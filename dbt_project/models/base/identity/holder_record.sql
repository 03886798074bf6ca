with persons as (
    select * from {{ ref('person') }}
),

entities as (
    select * from {{ ref('legal_entity') }}
),

keys as (
    select * from {{ ref('int_address_key') }}
),

-- A body is also looked for by the names that it had: companies' files are old. Its records keep
-- their names when another source tells of it too.
names as (
    select
        uscc,
        name,
        coalesce(
            cast(min(case when told_by = 'enterprise_registration' then spell end) as varchar),
            'p' || min(spell)
        ) as spell,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from {{ ref('legal_entity_history') }}
    group by uscc, name
),

named as (
    select
        'person:' || citizen_id as record,
        'person' as kind,
        citizen_id as entity,
        {{ plain_text('name') }} as name,
        address_code,
        _deliveries
    from persons
    union all
    select
        'organization:' || names.uscc || ':' || names.spell as record,
        'organization' as kind,
        names.uscc as entity,
        {{ plain_text('names.name') }} as name,
        entities.address_code,
        {{ deliveries_merged(['names._deliveries', 'entities._deliveries']) }} as _deliveries
    from names
    left join entities on names.uscc = entities.uscc
)

select
    named.record,
    named.kind,
    named.entity,
    named.name,
    {{ name_core('named.name') }} as core,
    named.address_code,
    keys.division,
    keys.road,
    keys.house_number,
    keys.building,
    keys.unit_number,
    keys.room,
    named._deliveries
from named
left join keys on named.address_code = keys.address_code
