-- What registers say now of persons: names without blanks.
with persons as (
    select * from {{ ref('person_history') }}
    where known_to is null
),

births as (
    select * from {{ ref('stg_birth_history') }}
    where citizen_id is not null
),

deaths as (
    select * from {{ ref('stg_death_history') }}
),

supported as (
    select * from {{ ref('stg_low_income_history') }}
    where applicant_id is not null and _until is null
)

{{ claims_of('persons', 'person', 'citizen_id', 'resident', {
    'name': plain_text('name'), 'sex': 'sex', 'birth_date': 'cast(birth_date as varchar)',
    'household_number': 'household_number'
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
{{ claims_of('supported', 'person', 'applicant_id', 'low_income_household', {
    'household_number': 'household_number'
}, told=true) }}
