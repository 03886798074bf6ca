-- Rendered from the catalog by `citylake catalog render`: edit the vocabulary instead.
-- noqa: disable=all
select '南明' as name, 'district' as kind, '520102' as stands_for, 'short' as how, cast('1955-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '云岩' as name, 'district' as kind, '520103' as stands_for, 'short' as how, cast('1955-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '花溪' as name, 'district' as kind, '520111' as stands_for, 'short' as how, cast('1958-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '乌当' as name, 'district' as kind, '520112' as stands_for, 'short' as how, cast('1958-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '白云' as name, 'district' as kind, '520113' as stands_for, 'short' as how, cast('1973-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '观山湖' as name, 'district' as kind, '520115' as stands_for, 'short' as how, cast('2012-11-15' as date) as valid_from, cast(null as date) as valid_to
union all
select '金阳新区' as name, 'district' as kind, '520115' as stands_for, 'former' as how, cast('2000-11-01' as date) as valid_from, cast('2012-11-14' as date) as valid_to
union all
select '金阳' as name, 'district' as kind, '520115' as stands_for, 'former' as how, cast('2000-11-01' as date) as valid_from, cast('2012-11-14' as date) as valid_to
union all
select '开阳' as name, 'district' as kind, '520121' as stands_for, 'short' as how, cast('1996-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '息烽' as name, 'district' as kind, '520122' as stands_for, 'short' as how, cast('1996-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '修文' as name, 'district' as kind, '520123' as stands_for, 'short' as how, cast('1996-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '清镇' as name, 'district' as kind, '520181' as stands_for, 'short' as how, cast('1996-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '贵安' as name, 'district' as kind, '520191' as stands_for, 'short' as how, cast('2014-01-06' as date) as valid_from, cast(null as date) as valid_to
union all
select '贵州贵安新区' as name, 'district' as kind, '520191' as stands_for, 'spoken' as how, cast('2014-01-06' as date) as valid_from, cast(null as date) as valid_to
union all
select '贵阳国家高新技术产业开发区' as name, 'district' as kind, '520192' as stands_for, 'spoken' as how, cast('1992-11-09' as date) as valid_from, cast(null as date) as valid_to
union all
select '国家高新技术产业开发区' as name, 'district' as kind, '520192' as stands_for, 'spoken' as how, cast('1992-11-09' as date) as valid_from, cast(null as date) as valid_to
union all
select '高新技术产业开发区' as name, 'district' as kind, '520192' as stands_for, 'spoken' as how, cast('1992-11-09' as date) as valid_from, cast(null as date) as valid_to
union all
select '高新' as name, 'district' as kind, '520192' as stands_for, 'short' as how, cast('1992-11-09' as date) as valid_from, cast(null as date) as valid_to
union all
select '贵阳经济技术开发区' as name, 'district' as kind, '520193' as stands_for, 'spoken' as how, cast('2000-02-13' as date) as valid_from, cast(null as date) as valid_to
union all
select '经济技术开发区' as name, 'district' as kind, '520193' as stands_for, 'spoken' as how, cast('2000-02-13' as date) as valid_from, cast(null as date) as valid_to
union all
select '经开' as name, 'district' as kind, '520193' as stands_for, 'short' as how, cast('2000-02-13' as date) as valid_from, cast(null as date) as valid_to
union all
select '小河区' as name, 'district' as kind, '520193' as stands_for, 'spoken' as how, cast('2000-02-13' as date) as valid_from, cast('2012-11-14' as date) as valid_to
union all
select '小河' as name, 'district' as kind, '520193' as stands_for, 'spoken' as how, cast('2000-02-13' as date) as valid_from, cast('2012-11-14' as date) as valid_to
union all
select '综保区' as name, 'district' as kind, '520194' as stands_for, 'short' as how, cast('2013-09-14' as date) as valid_from, cast(null as date) as valid_to
union all
select '贵阳综合保税区' as name, 'district' as kind, '520194' as stands_for, 'spoken' as how, cast('2013-09-14' as date) as valid_from, cast(null as date) as valid_to
union all
select '金阳大道' as name, 'road' as kind, '观山东路' as stands_for, 'former' as how, cast('2001-01-01' as date) as valid_from, cast('2013-06-30' as date) as valid_to
union all
select '金西路' as name, 'road' as kind, '观山西路' as stands_for, 'former' as how, cast('2001-01-01' as date) as valid_from, cast('2013-06-30' as date) as valid_to
union all
select '北京西路' as name, 'road' as kind, '林城西路' as stands_for, 'former' as how, cast('1985-01-01' as date) as valid_from, cast('2009-12-31' as date) as valid_to
union all
select '一环东线' as name, 'road' as kind, '宝山北路' as stands_for, 'former' as how, cast('1978-01-01' as date) as valid_from, cast('1998-12-31' as date) as valid_to
union all
select '老东山' as name, 'road' as kind, '东山巷' as stands_for, 'spoken' as how, cast('1978-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '新添路' as name, 'road' as kind, '新添大道' as stands_for, 'short' as how, cast('1992-01-01' as date) as valid_from, cast(null as date) as valid_to
union all
select '百花路' as name, 'road' as kind, '百花大道' as stands_for, 'former' as how, cast('1990-01-01' as date) as valid_from, cast('2011-05-31' as date) as valid_to
union all
select '三桥路' as name, 'road' as kind, '三桥北街' as stands_for, 'former' as how, cast('1980-01-01' as date) as valid_from, cast('2004-12-31' as date) as valid_to
