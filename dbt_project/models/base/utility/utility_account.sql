with accounts as (
    select * from {{ ref('stg_utility_account') }}
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
    accounts.address_code,
    addresses.division,
    accounts.opened_on,
    accounts.closed_on,
    {{ deliveries_merged([
        '[accounts._delivery]', 'addresses._deliveries', 'entities._deliveries',
        'persons._deliveries'
    ]) }} as _deliveries
from accounts
left join addresses on accounts.address_code = addresses.address_code
left join entities on accounts.holder = entities.uscc
left join persons on accounts.holder = persons.citizen_id
