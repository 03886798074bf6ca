-- Insurance and tax that bodies paid, and penalties, by month. Tax is told by quarters: it is a
-- sign of each month of its quarter (`taxed`), and its amount stands in the last of them.
with nth as (
    select 1 as nth
    union all
    select 2 as nth
    union all
    select 3 as nth
),

quarters as (
    select
        uscc,
        substr(period, 1, 4) as year,
        (cast(substr(period, 6, 1) as integer) - 1) * 3 as months_before,
        amount,
        _delivery
    from {{ ref('stg_tax_payment') }}
),

insured as (
    select * from {{ ref('stg_social_insurance_payment') }}
),

penalties as (
    select * from {{ ref('credit_record') }}
)

select
    quarters.uscc,
    quarters.year || '-'
    || substr(cast(100 + quarters.months_before + nth.nth as varchar), 2, 2) as month,
    cast(null as bigint) as insured,
    quarters.amount as taxed,
    case when nth.nth = 3 then quarters.amount end as tax_amount,
    cast(null as bigint) as penalties,
    cast(null as decimal(18, 2)) as penalty_amount,
    {{ deliveries_of(['quarters._delivery']) }} as _deliveries
from quarters
cross join nth
union all
select
    uscc,
    month,
    insured_count as insured,
    null as taxed,
    null as tax_amount,
    null as penalties,
    null as penalty_amount,
    {{ deliveries_of(['_delivery']) }} as _deliveries
from insured
union all
select
    uscc,
    {{ month_of('decided_on') }} as month,
    null as insured,
    null as taxed,
    null as tax_amount,
    1 as penalties,
    amount as penalty_amount,
    _deliveries
from penalties
