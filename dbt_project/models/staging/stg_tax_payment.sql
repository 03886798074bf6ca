with source as (
    select * from {{ source('current', 'tax_payment') }}
)

select
    uscc,
    period,
    tax_kind,
    amount,
    _delivery
from source
