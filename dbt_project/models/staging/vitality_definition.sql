-- What counts as an active enterprise (ours), by the first and last month in which it holds: at
-- least so many of its three signs are there (power used, people insured, tax paid).
select
    cast('2000-01' as varchar) as valid_from,
    cast(null as varchar) as valid_to,
    cast(10 as decimal(18, 2)) as power_kwh_at_least,
    1 as insured_at_least,
    cast(0 as decimal(18, 2)) as tax_above,
    1 as signs_at_least
