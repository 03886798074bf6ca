-- Published bodies with what their texts say, and how each item is known.
with publications as (
    select
        *,
        {{ amount_part('capital_text', 1) }} as digits,
        {{ amount_part('capital_text', 2) }} as how_many
    from {{ ref('stg_enterprise_publication') }}
),

divisions as (
    select * from {{ ref('int_publication_division') }}
),

terms as (
    select * from {{ ref('int_publication_term') }}
)

-- A number without any unit may be of yuan or of ten thousands: nobody guesses.
select
    publications.uscc,
    publications.name,
    publications.registered_on,
    coalesce(terms.type_told, terms.type_named) as type,
    case
        when terms.type_told is not null then 'text'
        when terms.type_named is not null then 'name'
        when publications.type_text is not null then 'unread'
        else 'none'
    end as type_known,
    case
        when publications.how_many is not null or terms.currency is not null
            then {{ in_ten_thousands('publications.digits', 'publications.how_many') }}
    end as capital_amount,
    case when publications.digits is not null then terms.currency end as capital_currency,
    case
        when publications.capital_text is null then 'none'
        when publications.digits is null then 'unread'
        when terms.currency is not null then 'text'
        when publications.how_many is not null then 'no_currency'
        else 'unread'
    end as capital_known,
    publications.capital_text,
    coalesce(terms.industry_named, terms.industry_told) as industry,
    case
        when terms.industry_named is not null then 'name'
        when terms.industry_told is not null then 'scope'
        when publications.scope_text is not null then 'unread'
        else 'none'
    end as industry_known,
    divisions.division,
    divisions.division_known,
    publications.address,
    publications._delivery
from publications
inner join terms on publications.uscc = terms.uscc
left join divisions on publications.uscc = divisions.uscc
