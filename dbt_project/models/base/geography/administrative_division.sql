with recursive divisions as (
    select * from {{ ref('stg_division') }}
),

ranked as (
    select
        code,
        level,
        valid_to,
        successor,
        row_number() over (partition by code order by valid_from desc) as place
    from divisions
),

latest as (
    select
        code,
        level,
        valid_to,
        successor
    from ranked
    where place = 1
),

-- Ten steps: successions of a code are few, and a register that goes in circles must end.
chain as (
    select
        code,
        code as current_code,
        level,
        valid_to,
        successor,
        0 as steps
    from latest
    union all
    select
        chain.code,
        latest.code as current_code,
        latest.level,
        latest.valid_to,
        latest.successor,
        chain.steps + 1 as steps
    from chain
    inner join latest on chain.successor = latest.code
    where chain.valid_to is not null and chain.steps < 10
),

standing as (
    select
        code,
        current_code,
        case when level in ('district', 'street') then substr(current_code, 1, 6) end as district
    from chain
    where valid_to is null
)

select
    divisions.code,
    divisions.name,
    divisions.level,
    divisions.parent,
    divisions.valid_from,
    divisions.valid_to,
    divisions.successor,
    standing.current_code,
    standing.district,
    {{ deliveries_of(['divisions._delivery']) }} as _deliveries
from divisions
left join standing on divisions.code = standing.code
