with told as (
    select * from {{ ref('stg_standard_address_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['address_code'],
        [
            'division', 'street', 'road', 'house_number', 'community', 'building',
            'unit_number', 'room', 'longitude', 'latitude', 'status'
        ],
        whole=true
    ) }}
)

select
    address_code,
    spell,
    division as registered_division,
    street,
    road,
    house_number,
    community,
    building,
    unit_number,
    room,
    longitude,
    latitude,
    status,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
