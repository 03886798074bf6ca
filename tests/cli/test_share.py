"""A district asks, another officer decides, a grant ends: each is one line and one audit event."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.door import Said, citylake

LIST = "livelihood_care_list"


@pytest.fixture
def say(tmp_path: Path):
    return lambda *words: citylake(*words, home=tmp_path)


def ask(say, table: str = LIST, to: str = "520102") -> Said:
    return say("share", "apply", table, "--to", to, "--basis", "社会救助暂行办法",
               "--until", "2099-03-01", "--by", "区县经办", "--json")  # fmt: skip


def test_a_grant_is_asked_for_given_by_another_and_ended(say) -> None:
    assert ask(say).document == {"application": 1}
    own = say("share", "approve", "1", "--by", "区县经办")
    assert (own.code, own.err.count("\n")) == (1, 1)
    assert "another officer decides" in own.err
    assert say("share", "approve", "1", "--by", "局经办", "--json").document["grant"] == 1
    (row,) = say("share", "list", "--json").rows
    assert (row["table"], row["recipient"], row["active"]) == (f"thematic.{LIST}", "520102", True)
    assert row["purpose"] == "低保家庭走访帮扶"
    assert say("share", "revoke", "1", "--by", "局经办", "--reason", "用途已了").code == 0
    assert say("share", "list", "--json").rows[0]["active"] is False
    shown = say("audit", "show", "--json").out
    assert all(f"grant.{act}" in shown for act in ("applied", "granted", "revoked"))
    assert say("audit", "verify").code == 0


@pytest.mark.parametrize(
    ("table", "to", "word"),
    [
        ("vacant_housing", "520102", "asks for no grant"),
        (LIST, "520100", "no recipient of backflow"),
        ("no_such_table", "520102", "no_such_table"),
    ],
)
def test_what_no_grant_can_be_for_is_refused_in_one_line(say, table, to, word) -> None:
    said = ask(say, table, to)
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert word in said.err
