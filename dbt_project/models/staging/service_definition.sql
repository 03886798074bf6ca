-- What the city asks of utilities (ours), by the first and last month in which it holds: the least
-- pressure at any point of the mains on any day.
select
    cast('2000-01' as varchar) as valid_from,
    cast(null as varchar) as valid_to,
    cast(0.14 as decimal(5, 3)) as pressure_mpa_at_least
