-- What held is the period itself: a spell is how long a value of it was the published one.
with told as (
    select * from {{ ref('stg_macro_indicator_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['indicator', 'division', 'period'],
        ['value', 'unit'],
        whole=false
    ) }}
)

select
    indicator,
    division,
    period,
    spell,
    value,
    unit,
    known_from,
    known_to,
    _deliveries
from spells
