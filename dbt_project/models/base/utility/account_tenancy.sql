-- An account that changes hands begins a tenancy on the day of the delivery that says so first.
with told as (
    select * from {{ ref('stg_account_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['utility', 'account_number'],
        ['holder_name', 'holder', 'opened_on'],
        whole=true,
        begins='opened_on',
        ends='closed_on'
    ) }}
)

select
    utility,
    account_number,
    spell,
    holder_name,
    holder,
    valid_from,
    valid_to,
    known_from,
    known_to,
    _deliveries
from spells
