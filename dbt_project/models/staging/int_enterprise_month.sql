-- The months of enterprise vitality: from the first with power, insurance, tax or penalties on,
-- each that a source tells of. `judged`: whether there was power, insurance or tax at all, so that
-- activity can be told; `punished`: whether it lies within the months of the penalties told.
with signs as (
    select * from {{ ref('int_enterprise_sign') }}
),

entities as (
    select * from {{ ref('int_enterprise_standing') }}
),

bounds as (
    select
        min(month) as first_month,
        min(case when penalties is not null then month end) as first_punished,
        max(case when penalties is not null then month end) as last_punished
    from signs
),

months as (
    select month from signs
    union distinct
    select established_month as month from entities
    union distinct
    select cancelled_month as month from entities
    where cancelled_month <> '9999-99'
),

covered as (
    select distinct month from signs
    where power_kwh is not null or insured is not null or taxed is not null
)

select
    months.month,
    {{ month_number('months.month') }} as month_number,
    covered.month is not null as judged,
    coalesce(
        months.month >= bounds.first_punished and months.month <= bounds.last_punished, false
    ) as punished
from months
inner join bounds on months.month >= bounds.first_month
left join covered on months.month = covered.month
