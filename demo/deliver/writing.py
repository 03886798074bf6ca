"""How units write addresses that they know: short, old, or with a typing error.

Keep out: the true address (city/places.py).
"""

from __future__ import annotations

import polars as pl


def as_known(unit: str) -> pl.Expr:
    """Return a row's `address_text` as the unit has it; each unit errs in other rows."""
    turn = (pl.int_range(pl.len()) * 7 + len(unit)) % 20
    text = pl.col("address_text")
    former = text.str.replace("观山湖区", "金阳新区").str.replace("经开区", "小河区")
    return (
        pl.when(turn < 8).then(text)
        .when(turn < 13).then(text.str.strip_prefix("贵州省贵阳市"))
        .when(turn < 16).then(_short(text))
        .when(turn < 18).then(text.str.replace("贵州省贵阳市", "贵阳市").str.replace("路", "街"))
        .when(turn < 19).then(former)
        .otherwise(text.str.replace("号", "號"))
    )  # fmt: skip


def _short(text: pl.Expr) -> pl.Expr:
    """Return `…12号3-1-501` for `…12号3栋1单元501室`."""
    plain = text.str.strip_prefix("贵州省贵阳市")
    return plain.str.replace(r"(\d+)栋(\d+)单元(\d+)室$", "${1}-${2}-${3}")


def with_address(rows: pl.DataFrame, addresses: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Add `address` as the unit has it, for the rows' `address_code`."""
    text = addresses.select("address_code", "address_text")
    found = rows.join(text, on="address_code", how="left", maintain_order="left")
    return found.with_columns(as_known(unit).alias("address"))
