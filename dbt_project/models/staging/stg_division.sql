with source as (
    select * from {{ source('current', 'division') }}
)

select
    code,
    name,
    level,
    parent,
    valid_from,
    valid_to,
    successor,
    _delivery
from source
