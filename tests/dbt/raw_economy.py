"""Raw rows of enterprises and what bodies know of them: one of every branch.

Keep out: places, people and utilities (raw_city.py).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

Rows = list[dict[str, Any]]
FACTORY, SHOP = "91520102MA6H000015", "92520102MA6H000024"
STRANGER = "91520102MA6H000033"


def enterprises() -> Rows:
    """Return a factory of a merged district and a shop of an abolished one."""
    return [
        {
            "uscc": uscc,
            "name": name,
            "type": "limited",
            "status": "active",
            "industry": "C13",
            "established_on": dt.date(2010, 1, 1),
            "registered_capital": Decimal("100.5"),
            "division": division,
        }
        for uscc, name, division in [(FACTORY, "示例厂", "520116"), (SHOP, "示例店", "520117")]
    ]


PRINTED = "法律、法规、国务院决定规定禁止的不得经营；"
PUBLISHED = {  # name, type, capital, scope, region and address as they are told
    "yuan": (
        *("贵阳示例塑料制品有限公司", None, "1,178.3792(万元)", None),
        *("贵阳", "贵州省贵阳市南明区示例路3号"),
    ),
    "dollars": ("示例酒店", "有限责任公司 国有企业", "250(万美元)", None, "贵阳", None),
    "hongkong": (
        *("示例", None, "５０( 万香港元)", "煤炭批发"),
        *(None, "贵州省遵义市红花岗区示例路4号"),
    ),
    "whole": ("示例", "集体分支机构(非法人)", "人民币1.5亿元整", None, "遵义", "示例大厦"),
    "small": ("示例", "联营", "5000元", f"{PRINTED}无需许可", None, "遵义县示例镇"),
    "ten_thousand": (
        *("示例", None, "30(万)", f"{PRINTED}自主选择经营。（房地产开发"),
        *(None, "贵州省遵义市"),
    ),
    "bare": ("示例", None, "30", "其他", "N区", None),
    "words": ("示例", None, "叁拾万元", None, None, "未知路"),
    "blank": ("中国示例银行股份有限公司示例支行", *[None] * 4, "贵州省盘县特区示例镇"),
}
OFFICES = {
    "dollars": "520103",
    "whole": "520302",
    "ten_thousand": "520322",
    "bare": "520490",
    "words": "990000",
}


def published(which: str) -> str:
    """Return the credit code of a published body: its place says which office registered it."""
    return f"91{OFFICES.get(which, '520100')}{sorted(PUBLISHED).index(which):010d}"


def publications() -> Rows:
    """Return texts of the public register, one of every way to write, and the factory again."""
    rows = [{"uscc": published(which), "said": said} for which, said in PUBLISHED.items()]
    rows.append({"uscc": FACTORY, "said": ("旧厂名", None, "9(万元)", None, None, None)})
    words = ("name", "type", "registered_capital", "business_scope", "region", "address")
    return [
        {
            "uscc": row["uscc"],
            "registered_on": dt.date(1993, 4, 27),
            **dict(zip(words, row["said"], strict=True)),
        }
        for row in rows
    ]


def permits() -> Rows:
    """Return a permit of the factory and one of a body that no register knows."""
    return [
        {
            "permit_number": number,
            "type": "transport",
            "holder_uscc": uscc,
            "issued_on": dt.date(2026, 1, 2),
            "status": "valid",
            "authority": "示例局",
        }
        for number, uscc in (("known", FACTORY), ("stranger", STRANGER))
    ]


def penalties() -> Rows:
    """Return a penalty of the factory and one of a body that no register knows."""
    return [
        {
            "decision_number": number,
            "uscc": uscc,
            "name": "决定书所载",
            "penalty": "warning",
            "decided_on": dt.date(2026, 1, 2),
            "authority": "示例局",
        }
        for number, uscc in (("known", FACTORY), ("stranger", STRANGER))
    ]


def indicators() -> Rows:
    """Return a value that is published for the whole city."""
    whole = {"indicator": "gdp", "division": "520100", "period": "2026-01", "unit": "亿元"}
    return [whole | {"value": Decimal(5)}]


def insurance() -> Rows:
    """Return what the factory and a body that no register knows paid for their insured."""
    return [
        {"uscc": uscc, "month": "2026-01", "insured_count": 30, "amount": Decimal(9000)}
        for uscc in (FACTORY, STRANGER)
    ]


def taxes() -> Rows:
    """Return a quarter of the shop's tax, of two kinds."""
    quarter = {"uscc": SHOP, "period": "2025Q4"}
    return [quarter | {"tax_kind": kind, "amount": Decimal(50)} for kind in ("vat", "stamp")]
