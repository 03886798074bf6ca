"""Identity and identifier rules of an entry, and the suite that an entry becomes."""

from __future__ import annotations

import datetime as dt

import pytest
from stdnum.cn import ric

from quality.rules import checks
from quality.suite import build_suite
from tests.quality.water import RULES, entry, gate, reasons, vocabulary

PERSON = [
    {"name": "citizen_id", "title": "公民身份号码", "type": "string", "key": True},
    {"name": "sex", "title": "性别", "type": "string"},
    {"name": "birth_date", "title": "出生日期", "type": "date"},
]
IDENTITY = {"identity": {"citizen_id": "citizen_id", "sex": "sex", "birth_date": "birth_date"}}
DISAGREES = "sex_or_birth_disagrees:citizen_id+sex+birth_date"


def citizen(born="19900101", sequence="001"):
    body = f"520102{born}{sequence}"
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((citizen(), "1", "1990-01-01"), []),
        ((citizen(), "男", "1990-01-01"), []),
        ((citizen(sequence="002"), "2", "1990-01-01"), []),
        ((citizen(sequence="002"), "女", None), []),
        ((citizen(), "0", "1990-01-01"), []),
        ((citizen(), None, None), []),
        ((citizen(), "2", "1990-01-01"), [DISAGREES]),
        ((citizen(), "女", "1990-01-01"), [DISAGREES]),
        ((citizen(sequence="002"), "1", "1990-01-01"), [DISAGREES]),
        ((citizen(), "1", "1990-01-02"), [DISAGREES]),
        (("x", "2", "1990-01-02"), []),
        ((None, "2", "1990-01-02"), ["null_key:citizen_id"]),
    ],
)
def test_sex_and_birth_date_must_be_those_of_the_citizen_id(tmp_path, row, expected):
    _, split = gate(entry(PERSON, [IDENTITY]), [row], tmp_path)
    assert reasons(split).get(1, []) == expected


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("citizen_id", citizen(), []),
        ("citizen_id", citizen()[:-1] + "a", ["bad_check_character:citizen_id"]),
        ("citizen_id", "520102900101001", ["old_citizen_id:citizen_id"]),
        ("citizen_id", citizen("20300101"), ["bad_check_character:citizen_id"]),
        ("uscc", "91110000600037341L", []),
        ("uscc", "91110000600037341M", ["bad_check_character:citizen_id"]),
        ("uscc_or_citizen_id", "91110000600037341L", []),
        ("uscc_or_citizen_id", citizen(), []),
        ("uscc_or_citizen_id", "520102900101001", ["bad_check_character:citizen_id"]),
        ("organization_code", "600037341", []),
        ("organization_code", "600037340", ["bad_check_character:citizen_id"]),
        ("mobile", "13800138000", []),
        ("mobile", "1380013800", ["bad_check_character:citizen_id"]),
        ("plate", "贵AD12345", []),
        ("plate", "京AD12345", ["bad_check_character:citizen_id"]),
        ("bank_card", "6222020000000000001", ["bad_check_character:citizen_id"]),
    ],
)
def test_an_identifier_rule_judges_its_item(tmp_path, kind, code, expected):
    of = entry(PERSON, [{kind: {"item": "citizen_id"}}])
    _, split = gate(of, [(code, None, None)], tmp_path, today=dt.date(2026, 11, 25))
    assert reasons(split).get(1, []) == expected


def test_a_suite_bears_labels_severities_and_chinese_words():
    suite = build_suite(entry(rules=RULES), vocabulary())
    described = {e.meta["label"]: e.description for e in suite.expectations}
    assert described["null_key:meter_id"] == "表号不得为空"
    assert described["duplicate_key:meter_id+read_on"] == "表号、抄表日期不得重复"
    assert {e.severity.value for e in suite.expectations} == {"warning"}


def test_a_model_has_no_cells_and_its_key_blocks():
    words = {"origin": {"model": "base", "database": "population"}}
    found = {c.label: c.severity for c in checks(entry(**words), vocabulary())}
    assert not any(label.startswith("wrong_type") for label in found)
    assert found["null_key:meter_id"] == found["duplicate_key:meter_id+read_on"] == "block"


def test_every_word_of_a_suite_survives_being_written_down():
    suite = build_suite(entry(rules=RULES), vocabulary())
    assert suite.to_json_dict()["expectations"]
