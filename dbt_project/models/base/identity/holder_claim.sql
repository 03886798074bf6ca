with accounts as (
    select * from {{ ref('stg_utility_account') }}
),

placed as (
    select * from {{ ref('utility_account') }}
),

keys as (
    select * from {{ ref('int_address_key') }}
),

readings as (
    select * from {{ ref('address_reading') }}
),

named as (
    select
        utility || ':' || account_number as claim,
        utility,
        account_number,
        {{ plain_text('holder_name') }} as name,
        address
    from accounts
)

select
    named.claim,
    named.utility,
    named.account_number,
    case
        when placed.holder_kind = 'legal_entity' then 'organization'
        when placed.holder_kind = 'person' then 'person'
        when length(named.name) > 4 then 'organization'
        else 'person'
    end as kind,
    case when placed.holder_kind <> 'unknown' then placed.holder end as entity,
    named.name,
    {{ name_core('named.name') }} as core,
    placed.address_code,
    coalesce(keys.division, readings.division) as division,
    coalesce(keys.road, readings.road) as road,
    coalesce(keys.house_number, readings.house_number) as house_number,
    coalesce(keys.building, readings.building) as building,
    coalesce(keys.unit_number, readings.unit_number) as unit_number,
    coalesce(keys.room, readings.room) as room,
    placed._deliveries
from named
inner join placed
    on named.utility = placed.utility and named.account_number = placed.account_number
left join keys on placed.address_code = keys.address_code
left join readings on named.address = readings.address_text
