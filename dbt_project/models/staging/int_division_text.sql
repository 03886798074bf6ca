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

-- What may stand before a district: its city, its province, or both.
fronts as (
    select
        names.code,
        names.name as front
    from names
    where names.level = 'city'
    union all
    select
        names.code,
        provinces.name as front
    from names
    inner join provinces on names.parent = provinces.code
    where names.level = 'city'
    union all
    select
        names.code,
        provinces.name || names.name as front
    from names
    inner join provinces on names.parent = provinces.code
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
        fronts.front || names.name as begins,
        names.valid_to
    from names
    inner join fronts on names.parent = fronts.code
)

select
    code,
    begins,
    max(coalesce(valid_to, date '9999-12-31')) as until
from texts
where begins is not null
group by code, begins
