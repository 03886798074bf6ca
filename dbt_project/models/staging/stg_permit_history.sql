with source as (
    select * from {{ source('history', 'permit') }}
)

select
    permit_number,
    holder_uscc,
    status,
    issued_on,
    valid_until,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
