-- Vacancy is counted for vacant months only, and never judged from a single utility.
select
    dwelling_id,
    month
from {{ ref('vacant_housing') }}
where
    (long_vacant and status <> 'vacant')
    or (status = 'vacant') <> (months_vacant_in_row > 0)
    or (status <> 'unknown' and utilities_counted < 2)
