with source as (
    select * from {{ source('current', 'enterprise_publication') }}
)

select
    uscc,
    name,
    type as type_text,
    registered_on,
    registered_capital as capital_text,
    {{ scope_text('business_scope') }} as scope_text,
    region,
    address,
    _delivery
from source
