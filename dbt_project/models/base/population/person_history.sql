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
        whole=true
    ) }}
),

-- The register dates the first registration; of later changes it tells only that they are there.
dated as (
    select
        *,
        case
            when spell = 1 and registered_on < known_from then registered_on
            else known_from
        end as valid_from
    from spells
)

select
    citizen_id,
    cast(spell as bigint) as spell,
    name,
    sex,
    birth_date,
    household_number,
    domicile_division,
    address_code,
    residence_status,
    valid_from,
    coalesce(
        cancelled_on, lead(valid_from) over (partition by citizen_id order by spell), known_to
    ) as valid_to,
    known_from,
    known_to,
    _deliveries
from dated
