with penalties as (
    select * from {{ ref('stg_administrative_penalty') }}
),

entities as (
    select * from {{ ref('legal_entity') }}
)

select
    penalties.decision_number,
    penalties.uscc,
    coalesce(entities.name, penalties.name) as name,
    penalties.penalty,
    penalties.amount,
    penalties.decided_on,
    penalties.authority,
    entities.division,
    entities.uscc is not null as registered,
    {{ deliveries_merged(['[penalties._delivery]', 'entities._deliveries']) }} as _deliveries
from penalties
left join entities on penalties.uscc = entities.uscc
