"""How units write the names of people and enterprises: with slips, short, or long out of date.

Keep out: who they are (city/), addresses (writing.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from demo.city.draw import stream, weigh

SLIPS = dict(zip("伟丽静敏娟芳强洋华萍燕彬轩欣晨文雅王李张刘陈杨赵黄",
                 "炜莉靖民绢方墙阳桦平艳斌宣新辰闻亚汪黎章柳成扬肇皇", strict=True))  # fmt: skip


def as_accounts_have_it(accounts: pl.DataFrame, enterprises: pl.DataFrame, *, seed: int, unit: str
                        ) -> pl.DataFrame:  # fmt: skip
    """Write holders as the unit has them: names with slips, no ID or address code where none is."""
    rng = stream(seed, "holder_names", unit)
    old = dict(enterprises.filter(pl.col("former_name").is_not_null())
               .select("uscc", "former_name").iter_rows())  # fmt: skip
    uscc = accounts["holder_id_or_uscc"]
    known = uscc.replace_strict(old, default=None, return_dtype=pl.String)
    works = pl.col("role").is_in(["work", "successor"])
    name = pl.coalesce(pl.when(works).then(pl.lit(known)), pl.col("holder_name"))
    person, firm = _person(rng, name, accounts.height), _firm(rng, name, accounts.height)
    return accounts.with_columns(
        pl.when(pl.col("role") == "home").then(person).when(works).then(firm)
        .otherwise(pl.col("holder_name")).alias("holder_name"),
        pl.when("id_told").then("holder_id_or_uscc").alias("holder_id_or_uscc"),
        pl.when("code_told").then("address_code").alias("address_code"),
    )  # fmt: skip


def before_hands_changed(accounts: pl.DataFrame) -> pl.DataFrame:
    """Return accounts with the holders of the month before."""
    moved = pl.col("former_holder_id").is_not_null()
    return accounts.with_columns(
        pl.coalesce("former_holder_name", "holder_name").alias("holder_name"),
        pl.when(moved & pl.col("id_told")).then("former_holder_id")
        .otherwise("holder_id_or_uscc").alias("holder_id_or_uscc"),
    )  # fmt: skip


def _person(rng: np.random.Generator, name: pl.Expr, count: int) -> pl.Expr:
    how = pl.lit(weigh(rng, {"right": 93.0, "slip": 4, "blank": 2, "cut": 1}, count))
    return (
        pl.when(how == "slip").then(name.str.replace_many(list(SLIPS), list(SLIPS.values())))
        .when(how == "blank").then(name.str.slice(0, 1) + " " + name.str.slice(1))
        .when((how == "cut") & (name.str.len_chars() == 3)).then(name.str.slice(0, 2))
        .otherwise(name)
    )  # fmt: skip


def _firm(rng: np.random.Generator, name: pl.Expr, count: int) -> pl.Expr:
    ways = {"right": 70.0, "city": 8, "no_city": 6, "long": 6, "cut": 6, "brackets": 4}
    how = pl.lit(weigh(rng, ways, count))
    return (
        pl.when(how == "city").then(name.str.replace("^贵阳", "贵阳市"))
        .when(how == "no_city").then(name.str.replace("^贵阳", ""))
        .when(how == "long").then(name.str.replace("有限公司$", "有限责任公司"))
        .when(how == "cut").then(name.str.replace("(有限)?公司$", ""))
        .when(how == "brackets").then("（贵阳）" + name.str.replace("^贵阳", ""))
        .otherwise(name)
    )  # fmt: skip
