-- The places that a letter may have in the name of a road or estate.
select 1 as place
union all
select 2 as place
union all
select 3 as place
union all
select 4 as place
union all
select 5 as place
union all
select 6 as place
union all
select 7 as place
union all
select 8 as place
union all
select 9 as place
union all
select 10 as place
union all
select 11 as place
union all
select 12 as place
