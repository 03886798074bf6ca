-- The places that a letter may have in the name of a road, an estate or a division.
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
union all
select 13 as place
union all
select 14 as place
union all
select 15 as place
union all
select 16 as place
union all
select 17 as place
union all
select 18 as place
union all
select 19 as place
union all
select 20 as place
union all
select 21 as place
union all
select 22 as place
union all
select 23 as place
union all
select 24 as place
