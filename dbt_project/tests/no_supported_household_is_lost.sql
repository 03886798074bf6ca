-- Every household that is supported in a month of bills is counted in a district of that month.
with supported as (
    select
        months.month,
        count(*) as households
    from {{ ref('stg_low_income_household') }} as households
    inner join (select distinct month from {{ ref('utility_bill') }}) as months
        on
            {{ month_of('households.valid_from') }} <= months.month
            and coalesce({{ month_of('households.valid_to') }}, months.month) >= months.month
    group by months.month
),

counted as (
    select
        month,
        sum(households) as households
    from {{ ref('livelihood_support_by_district') }}
    group by month
)

select supported.month
from supported
left join counted on supported.month = counted.month
where supported.households <> coalesce(counted.households, 0)
