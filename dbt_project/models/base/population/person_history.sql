-- The register dates the first registration; of later changes it tells only that they are there.
with told as (
    select * from {{ ref('stg_resident_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['citizen_id'],
        [
            'name', 'sex', 'birth_date', 'household_number', 'domicile_division',
            'address_code', 'residence_status', 'registered_on', 'cancelled_on'
        ],
        whole=true,
        begins='registered_on',
        ends='cancelled_on'
    ) }}
)

select
    citizen_id,
    spell,
    name,
    sex,
    birth_date,
    household_number,
    domicile_division,
    address_code,
    residence_status,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
