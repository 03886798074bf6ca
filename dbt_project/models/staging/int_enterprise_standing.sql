-- From which month to before which each registered body stands. One that is off the register
-- without a day of it (`undated`) is not counted as standing.
with entities as (
    select * from {{ ref('legal_entity') }}
)

select
    uscc,
    coalesce(division, 'unresolved') as district,
    coalesce(industry_section, 'unknown') as industry_section,
    {{ month_of('established_on') }} as established_month,
    coalesce({{ month_of('cancelled_on') }}, '9999-99') as cancelled_month,
    case when status <> 'active' and cancelled_on is null then 1 else 0 end as undated,
    _deliveries
from entities
