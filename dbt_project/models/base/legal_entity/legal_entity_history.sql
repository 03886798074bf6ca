with told as (
    select * from {{ ref('stg_enterprise_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['uscc'],
        [
            'name', 'status', 'industry', 'registered_capital', 'division', 'address',
            'established_on', 'cancelled_on'
        ],
        whole=false
    ) }}
),

dated as (
    select
        *,
        case
            when spell = 1 and established_on < known_from then established_on
            else known_from
        end as valid_from
    from spells
)

select
    uscc,
    cast(spell as bigint) as spell,
    name,
    status,
    industry,
    registered_capital,
    division as registered_division,
    address,
    valid_from,
    coalesce(
        lead(valid_from) over (partition by uscc order by spell), cancelled_on
    ) as valid_to,
    known_from,
    known_to,
    _deliveries
from dated
