with told as (
    select * from {{ ref('stg_permit_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['permit_number'],
        ['holder_uscc', 'status', 'issued_on', 'valid_until'],
        whole=false,
        begins='issued_on',
        ends='valid_until'
    ) }}
)

select
    permit_number,
    spell,
    holder_uscc,
    status,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
