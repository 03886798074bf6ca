with source as (
    select * from {{ source('history', 'dwelling') }}
)

select
    dwelling_id,
    address_code,
    area_m2,
    use,
    owner_kind,
    registered_on,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
