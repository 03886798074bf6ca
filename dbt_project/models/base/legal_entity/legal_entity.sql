with told as (
    select * from {{ ref('int_enterprise') }}
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
    from {{ ref('int_division') }}
    group by code, district
)

select
    told.uscc,
    told.name,
    told.type,
    told.type_known,
    told.status,
    told.industry,
    told.industry_known,
    substr(told.industry, 1, 1) as industry_section,
    told.established_on,
    told.cancelled_on,
    case
        when told.capital_currency = 'CNY' and told.capital_amount < 1000000000000
            then cast(told.capital_amount as decimal(16, 4))
    end as registered_capital,
    cast(told.capital_amount as decimal(24, 6)) as capital_amount,
    told.capital_currency,
    told.capital_known,
    told.capital_text,
    told.registered_division,
    told.division_known,
    told.address,
    readings.address_code,
    told.known_from,
    'guiyang_market_regulation' as source_unit,
    {{ district_of('told.registered_division') }} as division,
    {{ deliveries_merged([
        '[told.registration_delivery, told.publication_delivery]', 'divisions._deliveries',
        'readings._deliveries'
    ]) }} as _deliveries
from told
left join divisions on told.registered_division = divisions.code
left join readings on told.address = readings.address_text
