"""What is not planted is good: every other record satisfies its entry, judged by plain means."""

import re
from decimal import Decimal

import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc

from catalog.load import load_catalog
from catalog.rules import Identifier, Identity, Reference, Sum, UsccOrCitizenId

SOURCES = tuple(entry.name for entry in load_catalog().sources())
UTILITIES = [("water", "m3", "", 100_000), ("gas", "m3", "", 100_000)] + [
    ("power", "kwh", band, 1_000_000) for band in ("_peak", "_flat", "_valley")
]


def number(text):
    plain = str(text).translate(str.maketrans("０１２３４５６７８９", "0123456789", ", "))
    return Decimal(plain)


def is_citizen_id(text):
    return len(text) == 18 and ric.calc_check_digit(text) == text[-1]


def right(kind, text):
    checks = {
        "uscc": uscc.is_valid,
        "citizen_id": is_citizen_id,
        "meter_number": lambda meter: luhn.is_valid(meter[1:]),
        "industry": lambda code: re.fullmatch(r"[A-T]([0-9]{2,4})?", code) is not None,
        "uscc_or_citizen_id": lambda code: uscc.is_valid(code) or is_citizen_id(code),
    }
    return text is None or checks[kind](text)


def all_good(home, resource):
    return [row for rows in home.good(resource).values() for row in rows]


@pytest.mark.parametrize("resource", SOURCES)
def test_good_records_keep_what_their_items_declare(home, resource):
    entry = home.catalog.entry(resource)
    for row in all_good(home, resource):
        for item in entry.items:
            text = row[item.name]
            assert text is not None or not (item.required or item.key), (item.name, row)
            if text is None:
                continue
            if item.type == "code":
                assert text in (item.values or home.catalog.vocabulary.codes(item.codes))
            if item.pattern:
                assert re.search(item.pattern, text)
            if item.type in ("decimal", "integer"):
                assert item.min is None or number(text) >= Decimal(item.min)
                assert item.max is None or number(text) <= Decimal(item.max)
            assert item.length is None or len(text) <= item.length


@pytest.mark.parametrize("resource", SOURCES)
def test_keys_are_unique_within_each_file(home, resource):
    key = home.catalog.entry(resource).key
    for file, rows in home.good(resource).items():
        keys = [tuple(row[name].replace("/", "-") for name in key) for row in rows]
        assert len(set(keys)) == len(keys), file


@pytest.mark.parametrize("resource", SOURCES)
def test_good_records_keep_the_rules_on_one_row(home, resource):
    rows = all_good(home, resource)
    for rule in home.catalog.entry(resource).quality.rules:
        if isinstance(rule, Identifier | UsccOrCitizenId):
            assert all(right(rule.kind, row[rule.item]) for row in rows)
        if isinstance(rule, Identity):
            for row in rows:
                odd = int(row[rule.citizen_id][16]) % 2 == 1
                assert row[rule.sex] == ("1" if odd else "2")
        if isinstance(rule, Sum):
            for row in rows:
                assert number(row[rule.item]) == sum(number(row[part]) for part in rule.of)


@pytest.mark.parametrize("resource", SOURCES)
def test_references_resolve_in_every_register_that_stands(home, resource):
    for rule in home.catalog.entry(resource).quality.rules:
        if isinstance(rule, Reference):
            known = {row[rule.at[0]] for row in all_good(home, rule.to)}
            wanted = {row[rule.items[0]] for row in all_good(home, resource)}
            assert wanted - {None} <= known


@pytest.mark.parametrize(("utility", "unit", "band", "rollover"), UTILITIES)
def test_usage_is_the_difference_of_readings(home, utility, unit, band, rollover):
    last = {}
    for rows in home.good(f"{utility}_reading").values():
        for row in rows:
            reading = number(row[f"reading{band}_{unit}"])
            if (before := last.get(row["meter_id"])) is not None:
                assert (
                    number(row[f"usage{band}_{unit}"]) == (reading - before + rollover) % rollover
                )
            last[row["meter_id"]] = reading


@pytest.mark.parametrize("resource", ["resident", "dwelling", "water_account", "standard_address"])
def test_second_snapshot_brings_changes(home, resource):
    files = home.good(resource)
    first, second = (files[name] for name in sorted(files))
    assert len(second) > len(first)
