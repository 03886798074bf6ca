"""Who held an account before, and what of its holder and place its unit has on file.

Keep out: how a unit writes a holder's name (deliver/holders.py).
"""

from __future__ import annotations

import polars as pl

from demo.city.draw import stream

MOVED = 0.02
"""Share of homes whose account changed hands between the two deliveries."""
WITHOUT_ID = 0.08
WITHOUT_CODE = 0.10
"""Of accounts of work: homes were surveyed with address codes first."""


def with_holders(accounts: pl.DataFrame, people: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Add the former holder of accounts that changed hands, and whether ID and code are on file."""
    rng = stream(seed, "holders", accounts["account_number"][0])
    count = accounts.height
    heads = people.filter(pl.col("is_head") & ~pl.col("is_spare"))
    former = heads[rng.integers(0, heads.height, count)]
    chance = rng.random((3, count))
    home, regular = pl.col("role") == "home", pl.col("role").is_in(["home", "work"])
    moved = home & pl.lit(pl.Series(chance[0] < MOVED)) & pl.lit(
        former["citizen_id"] != accounts["holder_id_or_uscc"]
    )  # fmt: skip
    return accounts.with_columns(
        pl.when(moved).then(pl.lit(former["name"])).alias("former_holder_name"),
        pl.when(moved).then(pl.lit(former["citizen_id"])).alias("former_holder_id"),
        (~regular | pl.lit(pl.Series(chance[1] >= WITHOUT_ID))).alias("id_told"),
        ((pl.col("role") != "work") | pl.lit(pl.Series(chance[2] >= WITHOUT_CODE))).alias(
            "code_told"
        ),
    )
