-- What tells of a body's life, a row each body and month, and whether it stood at the month's end.
-- Of bodies that no register has there is one row a month, without a uscc.
with entities as (
    select * from {{ ref('int_enterprise_standing') }}
),

told as (
    select
        uscc,
        month,
        power_kwh,
        cast(null as bigint) as insured,
        cast(null as decimal(18, 2)) as taxed,
        cast(null as decimal(18, 2)) as tax_amount,
        cast(null as bigint) as penalties,
        cast(null as decimal(18, 2)) as penalty_amount,
        _deliveries
    from {{ ref('int_enterprise_power') }}
    union all
    select
        uscc,
        month,
        null as power_kwh,
        insured,
        taxed,
        tax_amount,
        penalties,
        penalty_amount,
        _deliveries
    from {{ ref('int_enterprise_payment') }}
)

select
    coalesce(entities.district, 'unresolved') as district,
    coalesce(entities.industry_section, 'unknown') as industry_section,
    entities.uscc,
    told.month,
    coalesce(
        max(entities.established_month) <= told.month
        and max(entities.cancelled_month) > told.month
        and max(entities.undated) = 0,
        false
    ) as standing,
    sum(told.power_kwh) as power_kwh,
    sum(told.insured) as insured,
    sum(told.taxed) as taxed,
    sum(told.tax_amount) as tax_amount,
    sum(told.penalties) as penalties,
    sum(told.penalty_amount) as penalty_amount,
    {{ deliveries_merged_across('told._deliveries') }} as _deliveries
from told
left join entities on told.uscc = entities.uscc
group by entities.district, entities.industry_section, entities.uscc, told.month
