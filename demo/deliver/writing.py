"""How units write addresses that they know: short, old, spoken, or with a typing error.

Each unit writes an address in one way, the same in every delivery. The true address and its
code are kept aside (city/addresses), so that reading them can be measured.
Keep out: the true address (city/places.py), names of people and companies (holders.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from catalog.vocabulary import Vocabulary
from demo.city.draw import stream, weigh

SLIPS = dict(
    zip("黔灵秀阳岩筑潭观岭枣鸽桥宝浣云麦", "黚零绣杨炎竹谭官领早歌乔保完去卖", strict=True)
)
DIGITS = "零一二三四五六七八九"
FULL_WIDTH = dict(zip("0123456789", "０１２３４５６７８９", strict=True))


def with_address(
    rows: pl.DataFrame, addresses: pl.DataFrame, unit: str, *, seed: int, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Add `address` as the unit has it, for the rows' `address_code`."""
    known = written(addresses, unit, seed=seed, vocabulary=vocabulary)
    return rows.join(known, on="address_code", how="left", maintain_order="left")


def written(
    addresses: pl.DataFrame, unit: str, *, seed: int, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return `address_code` and `address` as the unit writes each address."""
    rng = stream(seed, "writing", unit)
    parts = pl.DataFrame({"address_code": addresses["address_code"]}).with_columns(
        _place(rng, addresses, vocabulary).alias("place"),
        _road(rng, addresses, vocabulary).alias("road"),
        _estate(rng, addresses).alias("estate"),
        _door(rng, addresses).alias("door"),
    )
    # Some know an estate by its name alone; where it has none, the road it is.
    by_estate = (
        pl.Series(rng.random(addresses.height) < 0.06) & addresses["community"].is_not_null()
    )
    text = pl.when(by_estate).then(
        pl.concat_str("place", pl.lit(addresses["community"]), "door", ignore_nulls=True)
    ).otherwise(pl.concat_str("place", "road", "estate", "door", ignore_nulls=True))  # fmt: skip
    return parts.select("address_code", _typed(rng, text, addresses.height).alias("address"))


def _place(rng: np.random.Generator, rows: pl.DataFrame, vocabulary: Vocabulary) -> pl.Expr:
    """Return province to street, each in full, short, by an old name or left out."""
    count = rows.height
    city = weigh(rng, {"贵州省贵阳市": 40, "": 40, "贵阳市": 15, "贵阳": 5}, count)
    short, former = _district_names(vocabulary, "short"), _district_names(vocabulary, "former")
    name, code = rows["division_name"], rows["division"]
    how = weigh(rng, {"full": 82.0, "short": 8, "former": 6, "none": 4}, count)
    district = (
        pl.when(pl.lit(how) == "short").then(pl.lit(_renamed(code, short, name)))
        .when(pl.lit(how) == "former").then(pl.lit(_renamed(code, former, name)))
        .when(pl.lit(how) == "none").then(pl.lit(""))
        .otherwise(pl.lit(name))
    )  # fmt: skip
    shown = weigh(rng, {"full": 55.0, "stem": 10, "none": 35}, count)
    street = rows["street_name"]
    stem = street.str.replace("(街道|镇|([苗布依侗水彝回仡佬]+族)*乡)$", "")
    return pl.concat_str(
        pl.lit(city), district,
        pl.when(pl.lit(shown) == "full").then(pl.lit(street))
        .when(pl.lit(shown) == "stem").then(pl.lit(stem))
        .otherwise(pl.lit("")),
    )  # fmt: skip


def _district_names(vocabulary: Vocabulary, how: str) -> Mapping[str, str]:
    ways = {"former", "spoken"} if how == "former" else {how}
    names = [p for p in vocabulary.place_names if p.kind == "district" and p.how in ways]
    return {place.stands_for: place.name for place in reversed(names)}


def _renamed(keys: pl.Series, names: Mapping[str, str], otherwise: pl.Series) -> pl.Series:
    return keys.replace_strict(names, default=None, return_dtype=pl.String).fill_null(otherwise)


def _road(rng: np.random.Generator, rows: pl.DataFrame, vocabulary: Vocabulary) -> pl.Expr:
    """Return road and house number: old names, slips of the hand, digits in several ways."""
    count = rows.height
    old = {p.stands_for: p.name for p in vocabulary.place_names if p.kind == "road"}
    road = rows["road"]
    how = pl.lit(weigh(rng, {"full": 90.0, "old": 5, "slip": 4, "street": 1}, count))
    slipped = _slip(pl.lit(road), pl.lit(pl.Series(rng.integers(0, 3, count))))
    named = (
        pl.when(how == "old").then(pl.lit(_renamed(road, old, road)))
        .when(how == "slip").then(slipped)
        .when(how == "street").then(pl.lit(road).str.replace("路$", "街"))
        .otherwise(pl.lit(road))
    )  # fmt: skip
    number = pl.lit(rows["house_number"].str.strip_suffix("号"))
    style = pl.lit(weigh(rng, {"号": 88.0, "號": 4, "wide": 4, "none": 3.4, "wrong": 0.6}, count))
    digits = (
        pl.when(style == "wide").then(number.str.replace_many(FULL_WIDTH))
        .when(style == "wrong").then(number.str.slice(0, 1) + number)
        .otherwise(number)
    )  # fmt: skip
    sign = (
        pl.when(style == "號").then(pl.lit("號"))
        .when((style == "none") & pl.lit(rows["community"].is_not_null())).then(pl.lit("-"))
        .otherwise(pl.lit("号"))
    )  # fmt: skip
    return pl.concat_str(named, digits, sign.replace({"-": "号"}))


def _slip(text: pl.Expr, at: pl.Expr) -> pl.Expr:
    """Return the text with one letter mistaken for another that looks or sounds like it."""
    letter = text.str.slice(at, 1).str.replace_many(SLIPS)
    return pl.concat_str(text.str.slice(pl.lit(0), at), letter, text.str.slice(at + 1))


def _estate(rng: np.random.Generator, rows: pl.DataFrame) -> pl.Expr:
    """Return the name of the estate behind the house number: not at all, plain or in brackets."""
    name = pl.lit(rows["community"].fill_null(""))
    how = pl.lit(weigh(rng, {"none": 60.0, "plain": 30, "brackets": 10}, rows.height))
    return (
        pl.when((how == "none") | (name == "")).then(pl.lit(""))
        .when(how == "plain").then(name)
        .otherwise("（" + name + "）")
    )  # fmt: skip


def _door(rng: np.random.Generator, rows: pl.DataFrame) -> pl.Expr:
    """Return building, unit and room in the words and digits of the writer."""
    count = rows.height
    building = rows["building"].str.strip_suffix("栋")
    unit = rows["unit_number"].str.strip_suffix("单元")
    room = rows["room"].str.strip_suffix("室")
    block = pl.lit(weigh(rng, {"栋": 60.0, "幢": 18, "座": 8, "号楼": 14}, count))
    chinese = pl.lit(pl.Series(rng.random((2, count))[0] < 0.08))
    inside = pl.lit(weigh(rng, {"单元": 96.0, "": 4}, count))
    end = pl.lit(weigh(rng, {"室": 60.0, "": 25, "号": 10, "房": 5}, count))
    short = pl.lit(pl.Series(rng.random(count) < 0.15)) & pl.lit(room.is_not_null())
    in_words = pl.lit(building).replace_strict(_spoken(), default=building)
    unit_words = pl.lit(unit).replace_strict(_spoken(), default=unit)
    long = pl.concat_str(
        pl.when(chinese).then(in_words).otherwise(pl.lit(building)), block,
        pl.when(pl.lit(unit.is_null()) | (inside == "")).then(pl.lit(""))
        .otherwise(pl.when(chinese).then(unit_words).otherwise(pl.lit(unit)) + inside),
        pl.when(pl.lit(room.is_null())).then(pl.lit("")).otherwise(pl.lit(room) + end),
    )  # fmt: skip
    return pl.when(short).then(
        pl.concat_str(pl.lit(building), pl.lit("-"), pl.lit(unit), pl.lit("-"), pl.lit(room))
    ).otherwise(long)  # fmt: skip


def _spoken() -> dict[str, str]:
    """Return the numbers below forty in Chinese."""
    words = {}
    for number in range(1, 40):
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
        words[str(number)] = head + (DIGITS[ones] if ones or not tens else "")
    return words


def _typed(rng: np.random.Generator, text: pl.Expr, count: int) -> pl.Expr:
    """Return the text as it was typed: with blanks, commas, or a letter left out."""
    how = pl.lit(weigh(rng, {"well": 90.0, "blank": 4, "comma": 3, "wide": 2, "doubled": 1}, count))
    return (
        pl.when(how == "blank").then(text.str.replace("(区|县|市)", "${1} "))
        .when(how == "comma").then(text.str.replace("号", "号，"))
        .when(how == "wide").then(text.str.replace_many(FULL_WIDTH))
        .when(how == "doubled").then(text.str.replace("(栋|幢|单元)", "${1}${1}"))
        .otherwise(text)
    )  # fmt: skip
