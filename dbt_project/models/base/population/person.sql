with residents as (
    select * from {{ ref('stg_resident') }}
),

-- A citizen with several records of one event has one row here: the earliest date counts.
births as (
    select
        citizen_id,
        min(name) as name,
        min(sex) as sex,
        min(born_on) as born_on,
        {{ deliveries_across('_delivery') }} as _deliveries
    from {{ ref('stg_birth_record') }}
    where citizen_id is not null
    group by citizen_id
),

deaths as (
    select
        citizen_id,
        min(name) as name,
        min(sex) as sex,
        min(died_on) as died_on,
        {{ deliveries_across('_delivery') }} as _deliveries
    from {{ ref('stg_death_record') }}
    group by citizen_id
),

-- Newborns and deceased whom the resident register lacks stay visible by known_from.
identities as (
    select citizen_id from residents
    union distinct
    select citizen_id from births
    union distinct
    select citizen_id from deaths
),

addresses as (
    select * from {{ ref('address') }}
)

select
    identities.citizen_id,
    {{ one_source('person', 'name', {
        'resident': 'residents.name', 'birth_record': 'births.name', 'death_record': 'deaths.name'
    }) }} as name,
    {{ one_source('person', 'sex', {
        'resident': 'residents.sex', 'birth_record': 'births.sex', 'death_record': 'deaths.sex'
    }) }} as sex,
    {{ one_source('person', 'birth_date',
        {'resident': 'residents.birth_date', 'birth_record': 'births.born_on'}) }} as birth_date,
    deaths.died_on,
    residents.ethnicity,
    residents.household_number,
    residents.domicile_division,
    residents.address_code,
    addresses.division,
    residents.residence_status,
    residents.registered_on,
    residents.cancelled_on,
    case
        when deaths.citizen_id is not null then 'deceased'
        when residents.cancelled_on is not null then 'cancelled'
        when residents.residence_status = 'cancelled' then 'cancelled'
        else 'living'
    end as status,
    case
        when residents.citizen_id is not null then 'resident'
        when births.citizen_id is not null then 'birth_record'
        else 'death_record'
    end as known_from,
    {{ deliveries_merged([
        '[residents._delivery]', 'births._deliveries', 'deaths._deliveries',
        'addresses._deliveries'
    ]) }} as _deliveries
from identities
left join residents on identities.citizen_id = residents.citizen_id
left join births on identities.citizen_id = births.citizen_id
left join deaths on identities.citizen_id = deaths.citizen_id
left join addresses on residents.address_code = addresses.address_code
