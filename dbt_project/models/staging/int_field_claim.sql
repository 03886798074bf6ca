-- What each unit says now of a field of a person or body that several units know, in a form that
-- compares (names without blanks, those of bodies without city and legal form), and since when.
with persons as (
    select * from {{ ref('person_history') }}
    where known_to is null
),

entities as (
    select * from {{ ref('legal_entity_history') }}
    where known_to is null
),

births as (
    select * from {{ ref('stg_birth_history') }}
    where citizen_id is not null
),

deaths as (
    select * from {{ ref('stg_death_history') }}
),

penalties as (
    select * from {{ ref('stg_penalty_history') }}
),

claims as (
    {{ claims_of('persons', 'person', 'citizen_id', 'resident', {
        'name': plain_text('name'), 'sex': 'sex', 'birth_date': 'cast(birth_date as varchar)'
    }) }}
    union all
    {{ claims_of('births', 'person', 'citizen_id', 'birth_record', {
        'name': plain_text('name'), 'sex': 'sex', 'birth_date': 'cast(event_date as varchar)'
    }, told=true) }}
    union all
    {{ claims_of('deaths', 'person', 'citizen_id', 'death_record', {
        'name': plain_text('name'), 'sex': 'sex'
    }, told=true) }}
    union all
    {{ claims_of('entities', 'legal_entity', 'uscc', 'enterprise_registration', {
        'name': name_core(plain_text('name'))
    }) }}
    union all
    {{ claims_of('penalties', 'legal_entity', 'uscc', 'administrative_penalty', {
        'name': name_core(plain_text('name'))
    }, told=true) }}
    union all
    select * from {{ ref('int_holder_claim') }}
)

select
    kind,
    entity,
    field,
    resource,
    value,
    min(since) as since,
    {{ deliveries_merged_across('_deliveries') }} as _deliveries
from claims
where value is not null
group by kind, entity, field, resource, value
