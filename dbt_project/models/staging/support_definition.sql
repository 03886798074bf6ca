-- What may tell of hardship (ours), by the first and last month in which it holds: use below the
-- least that a home lives on, or fallen to a share of the month before where that was enough.
select
    cast('2000-01' as varchar) as valid_from,
    cast(null as varchar) as valid_to,
    utilities.utility,
    cast(utilities.no_use_below as decimal(18, 2)) as no_use_below,
    cast(utilities.fall_from as decimal(18, 2)) as fall_from,
    cast(0.3 as decimal(4, 2)) as falls_to,
    5 as outage_days_at_most
from (
    select
        'water' as utility,
        1 as no_use_below,
        3 as fall_from
    union all
    select
        'power' as utility,
        10 as no_use_below,
        30 as fall_from
    union all
    select
        'gas' as utility,
        1 as no_use_below,
        3 as fall_from
) as utilities
