with persons as (
    select * from {{ ref('person') }}
    where household_number is not null
),

households as (
    select
        household_number,
        count(*) as persons,
        sum(case when status = 'living' then 1 else 0 end) as members,
        count(distinct address_code) as addresses,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from persons
    group by household_number
),

shared_addresses as (
    select
        household_number,
        address_code,
        division,
        sum(case when status = 'living' then 1 else 0 end) as living
    from persons
    where address_code is not null
    group by household_number, address_code, division
),

-- A household lives where most of its living members do; a tie goes to the lowest code.
ranked_addresses as (
    select
        household_number,
        address_code,
        division,
        row_number() over (
            partition by household_number order by living desc, address_code asc
        ) as place
    from shared_addresses
)

select
    households.household_number,
    cast(households.members as bigint) as members,
    households.persons,
    households.addresses,
    ranked_addresses.address_code,
    ranked_addresses.division,
    households._deliveries
from households
left join ranked_addresses
    on
        households.household_number = ranked_addresses.household_number
        and ranked_addresses.place = 1
