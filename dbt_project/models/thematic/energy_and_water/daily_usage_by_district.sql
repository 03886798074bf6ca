with readings as (
    select * from {{ ref('daily_usage') }}
),

ranked as (
    select
        utility,
        meter_id,
        division,
        kind,
        _deliveries,
        row_number() over (
            partition by utility, meter_id
            order by coalesce(opened_on, date '1900-01-01') desc, account_number desc
        ) as place
    from {{ ref('utility_account') }}
),

-- A meter that served several accounts speaks for the one opened last.
meters as (
    select
        utility,
        meter_id,
        division,
        kind,
        _deliveries
    from ranked
    where place = 1
),

-- Left join: a meter of no account is counted as unresolved, not lost. Grouped by what the rows
-- were made from, so that few lists of deliveries are left to merge.
placed as (
    select
        coalesce(meters.division, 'unresolved') as district,
        meters.division,
        readings.read_on,
        readings.utility,
        coalesce(meters.kind, 'unknown') as account_kind,
        readings._deliveries as reading_deliveries,
        meters._deliveries as account_deliveries,
        count(*) as meters,
        sum(readings.usage) as usage
    from readings
    left join meters
        on readings.utility = meters.utility and readings.meter_id = meters.meter_id
    group by
        meters.division, readings.read_on, readings.utility, meters.kind, readings._deliveries,
        meters._deliveries
)

select
    district,
    division,
    read_on,
    utility,
    account_kind,
    cast(sum(meters) as bigint) as meters,
    cast(sum(usage) as decimal(18, 2)) as usage,
    case when utility = 'power' then 'kWh' else 'm³' end as usage_unit,
    {{ deliveries_merged_across(deliveries_merged(['reading_deliveries', 'account_deliveries'])) }}
        as _deliveries
from placed
group by district, division, read_on, utility, account_kind
