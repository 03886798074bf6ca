-- The best reading of what a text says. Of several addresses that are as good, only how many they
-- are and what they were made from: that is an ambiguity, and nobody guesses.
with candidates as (
    select * from {{ ref('int_address_candidate') }}
),

addresses as (
    select
        address_code,
        division,
        _deliveries
    from {{ ref('address') }}
),

readings as (
    select
        said,
        name_rank,
        count(distinct address_code) as candidates,
        min(address_code) as address_code
    from candidates
    group by said, name_rank
),

ranked as (
    select
        *,
        row_number() over (partition by said order by name_rank) as nth
    from readings
),

-- Lists are dear to merge: only those of ambiguities are, and there are few.
ambiguous as (
    select
        ranked.said,
        ranked.name_rank,
        ranked.candidates,
        {{ deliveries_merged_across('addresses._deliveries') }} as _deliveries
    from ranked
    inner join candidates
        on ranked.said = candidates.said and ranked.name_rank = candidates.name_rank
    inner join addresses on candidates.address_code = addresses.address_code
    where ranked.nth = 1 and ranked.candidates > 1
    group by ranked.said, ranked.name_rank, ranked.candidates
)

select
    ranked.said,
    ranked.name_rank,
    ranked.candidates,
    addresses.address_code,
    addresses.division,
    addresses._deliveries
from ranked
inner join addresses on ranked.address_code = addresses.address_code
where ranked.nth = 1 and ranked.candidates = 1
union all
select
    said,
    name_rank,
    candidates,
    null as address_code,
    null as division,
    _deliveries
from ambiguous
