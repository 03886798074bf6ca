with told as (
    select * from {{ ref('int_household_told') }}
),

spells as (
    {{ spells_of(
        'told',
        ['household_number'],
        ['members', 'address_code'],
        whole=true
    ) }}
)

select
    household_number,
    spell,
    members,
    address_code,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
