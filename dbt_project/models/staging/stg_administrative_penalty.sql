with source as (
    select * from {{ source('current', 'administrative_penalty') }}
)

select
    decision_number,
    uscc,
    name,
    penalty,
    amount,
    decided_on,
    authority,
    _delivery
from source
