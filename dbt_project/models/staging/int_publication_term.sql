-- What the words in its texts say of each published body.
with publications as (
    select * from {{ ref('stg_enterprise_publication') }}
),

terms as (
    select * from {{ ref('int_term_found') }}
)

select
    publications.uscc,
    currencies.stands_for as currency,
    types.stands_for as type_told,
    named_types.stands_for as type_named,
    trades.stands_for as industry_named,
    scopes.stands_for as industry_told
from publications
left join terms as currencies
    on currencies.kind = 'currency' and publications.capital_text = currencies.told
left join terms as types
    on
        types.kind = 'enterprise_type'
        and types.told_in = 'text'
        and publications.type_text = types.told
left join terms as named_types
    on
        named_types.kind = 'enterprise_type'
        and named_types.told_in = 'name'
        and publications.name = named_types.told
left join terms as trades
    on
        trades.kind = 'industry'
        and trades.told_in = 'name'
        and publications.name = trades.told
left join terms as scopes
    on
        scopes.kind = 'industry'
        and scopes.told_in = 'scope'
        and publications.scope_text = scopes.told
