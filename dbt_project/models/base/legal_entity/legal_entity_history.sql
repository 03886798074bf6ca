with told as (
    select * from {{ ref('int_enterprise_told') }}
),

spells as (
    {{ spells_of(
        'told',
        ['uscc', 'told_by'],
        [
            'name', 'status', 'industry', 'registered_capital', 'division', 'address',
            'established_on', 'cancelled_on'
        ],
        whole=false,
        begins='established_on',
        ends='cancelled_on'
    ) }}
)

select
    uscc,
    told_by,
    spell,
    name,
    status,
    industry,
    registered_capital,
    division as registered_division,
    address,
    established_on,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
