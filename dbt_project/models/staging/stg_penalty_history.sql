with source as (
    select * from {{ source('history', 'administrative_penalty') }}
)

select
    decision_number,
    uscc,
    name,
    penalty,
    amount,
    decided_on,
    authority,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
