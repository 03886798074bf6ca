-- Names of districts and streets as the register has them, and as people say streets: without
-- 街道, 镇 or 乡, or without the peoples of an ethnic township.
with divisions as (
    select
        code,
        district,
        level,
        name,
        valid_to,
        {{ exchanged('name', '(([苗布依侗水彝回仡佬]+族)+乡|街道办事处|街道|社区服务中心|镇|乡)$') }} as stem,
        {{ exchanged('name', '([苗布依侗水彝回仡佬]+族)+乡$', '乡') }} as short
    from {{ ref('administrative_division') }}
    where level in ('district', 'street')
)

select
    name,
    level as kind,
    case when level = 'district' then district else code end as stands_for,
    district,
    case when valid_to is null then 0 else 2 end as name_rank
from divisions
union all
select
    stem as name,
    'street' as kind,
    code as stands_for,
    district,
    case when valid_to is null then 1 else 2 end as name_rank
from divisions
where level = 'street' and stem <> name and length(stem) > 1
union all
select
    short as name,
    'street' as kind,
    code as stands_for,
    district,
    case when valid_to is null then 1 else 2 end as name_rank
from divisions
where level = 'street' and short <> name
