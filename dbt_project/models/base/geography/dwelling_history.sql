with told as (
    select * from {{ ref('stg_dwelling_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['dwelling_id'],
        ['address_code', 'area_m2', 'use', 'owner_kind', 'registered_on'],
        whole=true,
        begins='registered_on'
    ) }}
)

select
    dwelling_id,
    spell,
    address_code,
    area_m2,
    use,
    owner_kind,
    registered_on,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
