-- Every text that a unit writes for an address, with the deliveries that it stands in.
with residents as (
    select * from {{ ref('stg_resident') }}
),

enterprises as (
    select * from {{ ref('stg_enterprise_registration') }}
),

complaints as (
    select * from {{ ref('stg_hotline_complaint') }}
),

accounts as (
    select * from {{ ref('stg_utility_account') }}
),

districts as (
    select distinct division from {{ ref('address') }}
),

divisions as (
    select distinct
        code,
        district
    from {{ ref('int_division') }}
),

-- Only those where standard addresses are: a register of the province names other cities' roads.
publications as (
    select
        published.address,
        published._delivery
    from {{ ref('int_publication') }} as published
    inner join divisions on published.division = divisions.code
    inner join districts on divisions.district = districts.division
),

written as (
    select
        address as address_text,
        _delivery
    from residents
    union distinct
    select
        address as address_text,
        _delivery
    from enterprises
    union distinct
    select
        address as address_text,
        _delivery
    from complaints
    union distinct
    select
        address as address_text,
        _delivery
    from accounts
    union distinct
    select
        address as address_text,
        _delivery
    from publications
)

select
    address_text,
    {{ deliveries_across('_delivery') }} as _deliveries
from written
where address_text is not null
group by address_text
