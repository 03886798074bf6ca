with joined as (
    select * from {{ ref('int_enterprise_cell') }}
)

select
    joined.district,
    case when joined.district <> 'unresolved' then joined.district end as division,
    joined.industry_section,
    joined.month,
    cast(joined.registered as bigint) as registered,
    cast(joined.cancelled as bigint) as cancelled,
    cast(joined.standing as bigint) as standing,
    cast(joined.undated as bigint) as undated,
    cast(joined.active as bigint) as active,
    cast(joined.power_kwh as decimal(18, 2)) as power_kwh,
    cast(earlier.power_kwh as decimal(18, 2)) as power_kwh_before,
    cast(
        (joined.power_kwh - earlier.power_kwh) * 100 / nullif(earlier.power_kwh, 0)
        as decimal(18, 2)
    ) as power_change,
    cast(joined.insured as bigint) as insured,
    cast(joined.tax_amount as decimal(18, 2)) as tax_amount,
    cast(joined.penalties as bigint) as penalties,
    cast(joined.penalty_amount as decimal(18, 2)) as penalty_amount,
    {{ deliveries_merged(['joined._deliveries', 'earlier._deliveries']) }} as _deliveries
from joined
left join joined as earlier
    on
        joined.district = earlier.district
        and joined.industry_section = earlier.industry_section
        and joined.month_number = earlier.month_number + 1
