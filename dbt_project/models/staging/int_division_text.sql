-- Texts that an address may begin with, and the city or district that they name: alone, behind
-- its city, behind its province, or behind both.
with names as (
    select * from {{ ref('int_division_alias') }}
),

provinces as (
    select distinct
        code,
        name
    from {{ ref('int_division') }}
    where level = 'province'
),

cities as (
    select
        names.code,
        names.name,
        provinces.name || names.name as in_province,
        provinces.name as province
    from names
    left join provinces on names.parent = provinces.code
    where names.level = 'city'
),

texts as (
    select
        code,
        name as begins,
        valid_to
    from names
    where is_alone
    union all
    select
        names.code,
        provinces.name || names.name as begins,
        names.valid_to
    from names
    inner join provinces on names.parent = provinces.code
    union all
    select
        names.code,
        cities.name || names.name as begins,
        names.valid_to
    from names
    inner join cities on names.parent = cities.code
    union all
    select
        names.code,
        cities.in_province || names.name as begins,
        names.valid_to
    from names
    inner join cities on names.parent = cities.code
    union all
    select
        names.code,
        cities.province || names.name as begins,
        names.valid_to
    from names
    inner join cities on names.parent = cities.code
)

select
    code,
    begins,
    max(coalesce(valid_to, date '9999-12-31')) as until
from texts
where begins is not null
group by code, begins
