-- The longest outage of water or power that touches a month, where dwellings stand. An outage
-- names a district or a street; one that has not ended lasts to the end of the month.
with outages as (
    select * from {{ ref('stg_utility_outage') }}
),

places as (
    select distinct
        division,
        street
    from {{ ref('registered_dwelling') }}
    where division is not null
),

months as (
    select distinct
        month,
        cast(month || '-01' as date) as starts_on
    from {{ ref('utility_bill') }}
),

month_spans as (
    select
        month,
        starts_on,
        {{ dbt.dateadd('month', 1, 'starts_on') }} as ends_on
    from months
),

outage_months as (
    select
        outages.division as area,
        month_spans.month,
        outages._delivery,
        {{ dbt.datediff(
            'outages.started_at', 'coalesce(outages.ended_at, month_spans.ends_on)', 'second'
        ) }} as seconds
    from outages
    inner join month_spans
        on
            outages.started_at < month_spans.ends_on
            and coalesce(outages.ended_at, month_spans.ends_on) > month_spans.starts_on
)

select
    places.division,
    places.street,
    outage_months.month,
    cast(max(outage_months.seconds) / 86400.0 as decimal(9, 4)) as outage_days,
    {{ deliveries_across('outage_months._delivery') }} as _deliveries
from places
inner join outage_months on outage_months.area in (places.division, places.street)
group by places.division, places.street, outage_months.month
