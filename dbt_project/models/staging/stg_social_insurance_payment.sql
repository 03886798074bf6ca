with source as (
    select * from {{ source('current', 'social_insurance_payment') }}
)

select
    uscc,
    month,
    insured_count,
    amount,
    _delivery
from source
