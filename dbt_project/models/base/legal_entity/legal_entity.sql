with registrations as (
    select * from {{ ref('stg_enterprise_registration') }}
),

divisions as (
    select distinct
        code,
        district
    from {{ ref('administrative_division') }}
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
    'guiyang_market_regulation' as source_unit,
    {{ district_of('registrations.division') }} as division,
    {{ deliveries_of(['registrations._delivery']) }} as _deliveries
from registrations
left join divisions on registrations.division = divisions.code
