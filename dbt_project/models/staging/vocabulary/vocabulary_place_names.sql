-- Rendered from the catalog by `citylake catalog render`: edit the vocabulary instead.
-- noqa: disable=all
select name, kind, stands_for, how, valid_from, valid_to
from (
    values
    ('南明', 'district', '520102', 'short', cast('1955-01-01' as date), cast(null as date)),
    ('云岩', 'district', '520103', 'short', cast('1955-01-01' as date), cast(null as date)),
    ('花溪', 'district', '520111', 'short', cast('1958-01-01' as date), cast(null as date)),
    ('乌当', 'district', '520112', 'short', cast('1958-01-01' as date), cast(null as date)),
    ('白云', 'district', '520113', 'short', cast('1973-01-01' as date), cast(null as date)),
    ('观山湖', 'district', '520115', 'short', cast('2012-11-15' as date), cast(null as date)),
    ('金阳新区', 'district', '520115', 'former', cast('2000-11-01' as date), cast('2012-11-14' as date)),
    ('金阳', 'district', '520115', 'former', cast('2000-11-01' as date), cast('2012-11-14' as date)),
    ('开阳', 'district', '520121', 'short', cast('1996-01-01' as date), cast(null as date)),
    ('息烽', 'district', '520122', 'short', cast('1996-01-01' as date), cast(null as date)),
    ('修文', 'district', '520123', 'short', cast('1996-01-01' as date), cast(null as date)),
    ('清镇', 'district', '520181', 'short', cast('1996-01-01' as date), cast(null as date)),
    ('贵安', 'district', '520191', 'short', cast('2014-01-06' as date), cast(null as date)),
    ('贵州贵安新区', 'district', '520191', 'spoken', cast('2014-01-06' as date), cast(null as date)),
    ('贵阳国家高新技术产业开发区', 'district', '520192', 'spoken', cast('1992-11-09' as date), cast(null as date)),
    ('国家高新技术产业开发区', 'district', '520192', 'spoken', cast('1992-11-09' as date), cast(null as date)),
    ('高新技术产业开发区', 'district', '520192', 'spoken', cast('1992-11-09' as date), cast(null as date)),
    ('高新', 'district', '520192', 'short', cast('1992-11-09' as date), cast(null as date)),
    ('贵阳经济技术开发区', 'district', '520193', 'spoken', cast('2000-02-13' as date), cast(null as date)),
    ('经济技术开发区', 'district', '520193', 'spoken', cast('2000-02-13' as date), cast(null as date)),
    ('经开', 'district', '520193', 'short', cast('2000-02-13' as date), cast(null as date)),
    ('小河区', 'district', '520193', 'spoken', cast('2000-02-13' as date), cast('2012-11-14' as date)),
    ('小河', 'district', '520193', 'spoken', cast('2000-02-13' as date), cast('2012-11-14' as date)),
    ('综保区', 'district', '520194', 'short', cast('2013-09-14' as date), cast(null as date)),
    ('贵阳综合保税区', 'district', '520194', 'spoken', cast('2013-09-14' as date), cast(null as date)),
    ('金阳大道', 'road', '观山东路', 'former', cast('2001-01-01' as date), cast('2013-06-30' as date)),
    ('金西路', 'road', '观山西路', 'former', cast('2001-01-01' as date), cast('2013-06-30' as date)),
    ('北京西路', 'road', '林城西路', 'former', cast('1985-01-01' as date), cast('2009-12-31' as date)),
    ('一环东线', 'road', '宝山北路', 'former', cast('1978-01-01' as date), cast('1998-12-31' as date)),
    ('老东山', 'road', '东山巷', 'spoken', cast('1978-01-01' as date), cast(null as date)),
    ('新添路', 'road', '新添大道', 'short', cast('1992-01-01' as date), cast(null as date)),
    ('百花路', 'road', '百花大道', 'former', cast('1990-01-01' as date), cast('2011-05-31' as date)),
    ('三桥路', 'road', '三桥北街', 'former', cast('1980-01-01' as date), cast('2004-12-31' as date))
) as t (name, kind, stands_for, how, valid_from, valid_to)
