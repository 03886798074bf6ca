-- Where a published body is registered, and how that is known: the district that its address
-- names, else the one of its credit code (the office that registered it) where the address does
-- not say another city, else the city of the address, of the region told, or of the code.
with publications as (
    select
        *,
        substr(uscc, 3, 6) as office,
        substr(uscc, 3, 4) || '00' as office_city
    from {{ ref('stg_enterprise_publication') }}
),

places as (
    select * from {{ ref('int_publication_place') }}
),

divisions as (
    select
        code,
        level,
        max(substr(current_code, 1, 4)) as city
    from {{ ref('int_division') }}
    where level in ('city', 'district')
    group by code, level
),

regions as (
    select
        begins,
        min(code) as code
    from {{ ref('int_division_text') }}
    where code like '____00' and until = date '9999-12-31'
    group by begins
),

known as (
    select
        publications.uscc,
        written.code as written_code,
        written.level as written_level,
        office.code as office_code,
        regions.code as region_code,
        office_city.code as office_city,
        coalesce(written.city, office.city) = office.city as is_one_city
    from publications
    left join places on publications.address = places.address
    left join divisions as written on places.code = written.code
    left join divisions as office
        on publications.office = office.code and office.level = 'district'
    left join divisions as office_city
        on publications.office_city = office_city.code and office_city.level = 'city'
    left join regions on regions.begins in (
        publications.region, publications.region || '市', publications.region || '州'
    )
)

select
    uscc,
    case
        when written_level = 'district' then written_code
        when is_one_city then office_code
        else coalesce(written_code, region_code, office_city)
    end as division,
    case
        when written_level = 'district' then 'address'
        when is_one_city then 'code'
        when written_code is not null then 'address'
        when region_code is not null then 'region'
        when office_city is not null then 'code'
        else 'none'
    end as division_known
from known
