"""What shows that a column of a sample speaks of persons: by its values, whatever its header.

Keep out: what its header says (meaning.py), and rules on identifiers.
"""

from __future__ import annotations

import polars as pl

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
NO_NAME_ENDS = "人员主长师者区县市路街量度数号"  # words of titles may begin with a surname too
NAME = rf"[{SURNAMES}][\u4e00-\u9fa5]?[\u4e00-\u9fa5--[{NO_NAME_ENDS}]]"
CITIZEN_ID = r"[1-8]\d{5}(18|19|20)\d{2}(0\d|1[0-2])([0-2]\d|3[01])\d{3}[\dXx]"
OLD_CITIZEN_ID = r"[1-8]\d{7}(0\d|1[0-2])([0-2]\d|3[01])\d{3}"  # of fifteen digits
MOBILE = r"1[3-9]\d{9}"
HELD = rf"(^|\D){CITIZEN_ID}(\D|$)|\D{MOBILE}(\D|$)|{MOBILE}\D"  # within a text
WHOLE = (
    OLD_CITIZEN_ID,
    MOBILE,
    r"0\d{2,3}[- ]?\d{7,8}",  # a land line
    r"[\w.+-]+@[\w-]+(\.[\w-]+)+",
    r".*[市区县镇乡村路街].*\d+(号|栋|幢|单元|室).*",  # where somebody lives
    NAME,
)
SOME, MOST = 0.02, 0.8  # of the values


def speaks_of_persons(known: pl.Series) -> bool:
    """Tell whether values are persons' names, numbers or addresses on the net, or hold them."""
    if not len(known):
        return False
    held = int(known.str.contains(HELD).sum()) / len(known)
    return held >= SOME or any(_share(known, shape) >= MOST for shape in WHOLE)


def is_name(text: str) -> bool:
    """Tell whether a text has the form of a person's name."""
    return 1 < len(text) < 4 and text[0] in SURNAMES and text[-1] not in NO_NAME_ENDS


def _share(known: pl.Series, shape: str) -> float:
    return int(known.str.contains(f"^(?:{shape})$").sum()) / max(len(known), 1)
