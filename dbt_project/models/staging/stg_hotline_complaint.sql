with source as (
    select * from {{ source('current', 'hotline_complaint') }}
)

select
    ticket_number,
    division,
    address,
    _delivery
from source
