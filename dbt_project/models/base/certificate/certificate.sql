with permits as (
    select * from {{ ref('stg_permit') }}
),

entities as (
    select * from {{ ref('legal_entity') }}
)

select
    permits.permit_number,
    permits.type,
    permits.holder_uscc,
    entities.name as holder_name,
    permits.issued_on,
    permits.valid_until,
    permits.status,
    permits.authority,
    entities.division,
    entities.uscc is not null as registered,
    {{ deliveries_merged(['[permits._delivery]', 'entities._deliveries']) }} as _deliveries
from permits
left join entities on permits.holder_uscc = entities.uscc
