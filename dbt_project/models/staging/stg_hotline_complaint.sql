with source as (
    select * from {{ source('current', 'hotline_complaint') }}
)

select
    ticket_number,
    division,
    address,
    {{ city_time('received_at') }} as received_at,
    {{ city_time('closed_at') }} as closed_at,
    topic,
    _delivery
from source
