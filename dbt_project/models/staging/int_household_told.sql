-- What each delivery of the register says of the households in it: a row a person, with how many
-- live in the household and where most of them do (a tie goes to the lowest code).
with residents as (
    select
        *,
        case when residence_status = 'cancelled' then 0 else 1 end as is_there
    from {{ ref('stg_resident_history') }}
    where household_number is not null
),

placed as (
    select
        *,
        sum(is_there) over (partition by household_number, _order) as members,
        sum(case when address_code is null then 0 else is_there end) over (
            partition by household_number, _order, address_code
        ) as neighbours
    from residents
)

select
    household_number,
    cast(members as bigint) as members,
    first_value(address_code) over (
        partition by household_number, _order
        order by
            case when address_code is null then 1 else 0 end asc,
            neighbours desc,
            address_code asc
    ) as address_code,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from placed
