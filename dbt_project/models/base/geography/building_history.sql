with told as (
    select * from {{ ref('stg_building_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['building_code'],
        ['address_code', 'floors', 'built_year', 'use', 'area_m2'],
        whole=true
    ) }}
)

select
    building_code,
    spell,
    address_code,
    floors,
    built_year,
    use,
    area_m2,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
