with told as (
    select * from {{ ref('stg_penalty_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['decision_number'],
        ['uscc', 'name', 'penalty', 'amount', 'decided_on', 'authority'],
        whole=false,
        begins='decided_on'
    ) }}
)

select
    decision_number,
    spell,
    uscc,
    name,
    penalty,
    amount,
    decided_on,
    authority,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
