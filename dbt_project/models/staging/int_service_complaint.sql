-- Calls to the hotline about a utility, by the district and month in which they were received.
with complaints as (
    select * from {{ ref('stg_hotline_complaint') }}
    where topic in ('water', 'power', 'gas')
),

divisions as (
    select * from {{ ref('int_current_district') }}
)

select
    coalesce({{ district_of('complaints.division') }}, 'unresolved') as district,
    complaints.topic as utility,
    {{ month_of('complaints.received_at') }} as month,
    case when complaints.closed_at is null then 0 else 1 end as closed,
    {{ dbt.datediff('complaints.received_at', 'complaints.closed_at', 'second') }}
        as seconds_to_close,
    {{ deliveries_merged(['[complaints._delivery]', 'divisions._deliveries']) }} as _deliveries
from complaints
left join divisions on complaints.division = divisions.code
