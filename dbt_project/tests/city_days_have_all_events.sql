-- Nothing is lost by placing events in districts: what the table counts is what units told, but for
-- what registers say of days before the city's first.
with told as (
    select
        measure,
        sum(quantity) as n
    from {{ ref('int_city_fact') }}
    where measure in ('water_m3', 'water_outages', 'complaints', 'births', 'deaths')
    group by measure
),

shown as (
    select
        sum(water_m3) as water_m3,
        sum(water_outages) as water_outages,
        sum(complaints) as complaints,
        sum(births) as births,
        sum(deaths) as deaths
    from {{ ref('city_daily') }}
)

select told.measure
from told
cross join shown
where
    told.n <> coalesce(
        case
            when told.measure = 'water_m3' then shown.water_m3
            when told.measure = 'water_outages' then shown.water_outages
            when told.measure = 'complaints' then shown.complaints
            when told.measure = 'births' then shown.births
            else shown.deaths
        end,
        0
    )
