with told as (
    select * from {{ ref('stg_permit_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['permit_number'],
        ['holder_uscc', 'status', 'issued_on', 'valid_until'],
        whole=false
    ) }}
)

select
    permit_number,
    cast(spell as bigint) as spell,
    holder_uscc,
    status,
    case when spell = 1 and issued_on < known_from then issued_on else known_from end
        as valid_from,
    coalesce(known_to, valid_until) as valid_to,
    known_from,
    known_to,
    _deliveries
from spells
