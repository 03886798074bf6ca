with source as (
    select * from {{ source('current', 'dwelling') }}
)

select
    dwelling_id,
    address_code,
    area_m2,
    use,
    owner_kind,
    registered_on,
    _delivery
from source
