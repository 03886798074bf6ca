with source as (
    select * from {{ source('current', 'permit') }}
)

select
    permit_number,
    type,
    holder_uscc,
    issued_on,
    valid_until,
    status,
    authority,
    _delivery
from source
