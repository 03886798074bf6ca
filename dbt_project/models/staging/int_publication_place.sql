-- The division that the address of a publication begins with: the longest name that there is, of
-- several divisions of that name the one in force longest. No pairs are compared.
with written as (
    select distinct
        address,
        {{ plain_text('address') }} as words
    from {{ ref('stg_enterprise_publication') }}
    where address is not null
),

places as (
    select * from {{ ref('int_letter_place') }}
),

names as (
    select * from {{ ref('int_division_text') }}
),

ranked as (
    select
        written.address,
        names.code,
        row_number() over (
            partition by written.address
            order by places.place desc, names.until desc, names.code asc
        ) as nth
    from written
    inner join places on places.place <= length(written.words)
    inner join names on substr(written.words, 1, places.place) = names.begins
)

select
    address,
    code
from ranked
where nth = 1
