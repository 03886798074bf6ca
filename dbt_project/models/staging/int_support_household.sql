-- Supported households and where they live: as the resident register has it where one dwelling
-- stands there alone, else only the district, which the support register names.
with households as (
    select * from {{ ref('stg_low_income_household') }}
),

homes as (
    select * from {{ ref('household') }}
),

dwellings as (
    select
        address_code,
        min(street) as street
    from {{ ref('registered_dwelling') }}
    group by address_code
    having count(*) = 1
),

divisions as (
    select * from {{ ref('int_current_district') }}
)

select
    households.household_number,
    households.applicant_id,
    households.members,
    {{ month_of('households.valid_from') }} as from_month,
    coalesce({{ month_of('households.valid_to') }}, '9999-99') as last_month,
    dwellings.address_code,
    dwellings.street,
    coalesce(homes.division, {{ district_of('households.division') }}) as division,
    {{ deliveries_merged([
        '[households._delivery]', 'homes._deliveries', 'divisions._deliveries'
    ]) }} as _deliveries
from households
left join homes on households.household_number = homes.household_number
left join dwellings on homes.address_code = dwellings.address_code
left join divisions on households.division = divisions.code
