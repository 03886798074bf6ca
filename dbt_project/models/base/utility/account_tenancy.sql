with told as (
    select * from {{ ref('stg_account_history') }}
),

spells as (
    {{ spells_of(
        'told',
        ['utility', 'account_number'],
        ['holder_name', 'holder', 'opened_on'],
        whole=true
    ) }}
),

-- An account that changes hands begins a tenancy on the day of the delivery that says so first.
dated as (
    select
        *,
        case when spell = 1 and opened_on < known_from then opened_on else known_from end
            as valid_from
    from spells
),

closings as (
    select
        utility,
        account_number,
        max(closed_on) as closed_on
    from told
    group by utility, account_number
)

select
    dated.utility,
    dated.account_number,
    cast(dated.spell as bigint) as spell,
    dated.holder_name,
    dated.holder,
    dated.valid_from,
    coalesce(
        lead(dated.valid_from) over (
            partition by dated.utility, dated.account_number order by dated.spell
        ),
        closings.closed_on,
        dated.known_to
    ) as valid_to,
    dated.known_from,
    dated.known_to,
    dated._deliveries
from dated
left join closings
    on dated.utility = closings.utility and dated.account_number = closings.account_number
