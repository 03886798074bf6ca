with months as (
    select * from {{ ref('int_support_month') }}
)

select
    coalesce(division, 'unresolved') as district,
    division,
    month,
    count(*) as households,
    cast(sum(1 - matched) as bigint) as unmatched,
    cast(sum(case when no_use > 0 then 1 else 0 end) as bigint) as without_use,
    cast(sum(case when falling > 0 then 1 else 0 end) as bigint) as falling,
    cast(sum(case when overdue > 0 then 1 else 0 end) as bigint) as in_arrears,
    cast(sum(case when no_use + falling + overdue > 0 then 1 else 0 end) as bigint)
        as to_be_cared_for,
    cast(sum(overdue_amount) as decimal(18, 2)) as amount_overdue,
    {{ deliveries_merged_across('_deliveries') }} as _deliveries
from months
group by division, month
