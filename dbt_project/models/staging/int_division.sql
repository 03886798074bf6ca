-- Divisions of the city as its register has them, and those of the province around it that other
-- registers name: with what each is now, and the district that it stands for.
with divisions as (
    select * from {{ ref('administrative_division') }}
),

elsewhere as (
    select * from {{ ref('elsewhere_definition') }}
),

-- Two steps: no code of the list has had more.
succeeded as (
    select
        elsewhere.code,
        elsewhere.name,
        elsewhere.level,
        elsewhere.parent,
        elsewhere.valid_from,
        elsewhere.valid_to,
        coalesce(first_one.successor, elsewhere.successor, elsewhere.code) as current_code
    from elsewhere
    left join elsewhere as first_one on elsewhere.successor = first_one.code
)

select
    code,
    name,
    level,
    parent,
    valid_from,
    valid_to,
    current_code,
    district,
    _deliveries
from divisions
union all
select
    code,
    name,
    level,
    parent,
    valid_from,
    valid_to,
    current_code,
    case when level = 'district' then current_code end as district,
    null as _deliveries
from succeeded
