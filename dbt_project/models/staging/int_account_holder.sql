-- Who holds an account in which months: from the first month at whose end he held it to before the
-- first at whose end another did. Where the company tells no number that a register has, the link
-- says who holds it now.
with tenancies as (
    select
        *,
        case when spell = 1 then '0000-00' else {{ month_of('valid_from') }} end as from_month,
        case when known_to is null then utility || ':' || account_number end as claim
    from {{ ref('account_tenancy') }}
),

links as (
    select * from {{ source('linked', 'holder_link') }}
    where outcome = 'linked'
)

select
    tenancies.utility,
    tenancies.account_number,
    tenancies.spell,
    coalesce(links.entity, tenancies.holder) as holder,
    tenancies.from_month,
    coalesce(
        lead(tenancies.from_month) over (
            partition by tenancies.utility, tenancies.account_number order by tenancies.spell
        ),
        '9999-99'
    ) as before_month,
    {{ deliveries_merged(['tenancies._deliveries', 'links._deliveries']) }} as _deliveries
from tenancies
left join links on tenancies.claim = links.claim
