with registrations as (
    select * from {{ ref('stg_enterprise_registration') }}
),

readings as (
    select * from {{ ref('address_reading') }}
    where address_code is not null
),

divisions as (
    select
        code,
        district,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from {{ ref('administrative_division') }}
    group by code, district
)

select
    registrations.uscc,
    registrations.name,
    registrations.type,
    registrations.status,
    registrations.industry,
    substr(registrations.industry, 1, 1) as industry_section,
    registrations.established_on,
    registrations.cancelled_on,
    registrations.registered_capital,
    registrations.division as registered_division,
    registrations.address,
    readings.address_code,
    'guiyang_market_regulation' as source_unit,
    {{ district_of('registrations.division') }} as division,
    {{ deliveries_merged([
        '[registrations._delivery]', 'divisions._deliveries', 'readings._deliveries'
    ]) }} as _deliveries
from registrations
left join divisions on registrations.division = divisions.code
left join readings on registrations.address = readings.address_text
