-- What the words of the vocabulary say of texts in registers; `told_in` is the place that a text
-- was told in. Of a name the word that stands last counts (a trade stands before the legal form),
-- of a scope the first, elsewhere the longest.
with publications as (
    select * from {{ ref('stg_enterprise_publication') }}
),

terms as (
    select * from {{ ref('terms_definition') }}
),

texts as (
    select
        'currency' as kind,
        'text' as told_in,
        capital_text as told
    from publications
    union distinct
    select
        'enterprise_type' as kind,
        'text' as told_in,
        type_text as told
    from publications
    union distinct
    select
        'enterprise_type' as kind,
        'name' as told_in,
        name as told
    from publications
    union distinct
    select
        'industry' as kind,
        'name' as told_in,
        name as told
    from publications
    union distinct
    select
        'industry' as kind,
        'scope' as told_in,
        scope_text as told
    from publications
),

found as (
    select
        texts.kind,
        texts.told_in,
        texts.told,
        terms.stands_for,
        length(terms.name) as letters,
        {{ dbt.position('terms.name', 'texts.told') }} as place
    from texts
    inner join terms
        on texts.kind = terms.kind and {{ dbt.position('terms.name', 'texts.told') }} > 0
),

ranked as (
    select
        kind,
        told_in,
        told,
        stands_for,
        row_number() over (
            partition by kind, told_in, told
            order by
                case when told_in = 'name' then place + letters end desc,
                case when told_in = 'scope' then place end asc,
                letters desc,
                place asc
        ) as nth
    from found
)

select
    kind,
    told_in,
    told,
    stands_for
from ranked
where nth = 1
