-- What the company says goes before what its text is read as; a join with a condition on the left
-- alone would compare every account with every text.
with accounts as (
    select
        *,
        case when address_code is null then address end as text_to_read
    from {{ ref('stg_utility_account') }}
),

readings as (
    select * from {{ ref('address_reading') }}
    where address_code is not null
),

addresses as (
    select * from {{ ref('address') }}
),

entities as (
    select * from {{ ref('legal_entity') }}
),

persons as (
    select * from {{ ref('person') }}
)

select
    accounts.utility,
    accounts.account_number,
    accounts.kind,
    accounts.meter_id,
    accounts.holder,
    case
        when entities.uscc is not null then 'legal_entity'
        when persons.citizen_id is not null then 'person'
        else 'unknown'
    end as holder_kind,
    coalesce(accounts.address_code, readings.address_code) as address_code,
    case
        when accounts.address_code is not null then 'told'
        when readings.address_code is not null then 'read'
        else 'none'
    end as address_known,
    addresses.division,
    accounts.opened_on,
    accounts.closed_on,
    {{ deliveries_merged([
        '[accounts._delivery]', 'readings._deliveries', 'addresses._deliveries',
        'entities._deliveries', 'persons._deliveries'
    ]) }} as _deliveries
from accounts
left join readings on accounts.text_to_read = readings.address_text
left join addresses
    on coalesce(accounts.address_code, readings.address_code) = addresses.address_code
left join entities on accounts.holder = entities.uscc
left join persons on accounts.holder = persons.citizen_id
