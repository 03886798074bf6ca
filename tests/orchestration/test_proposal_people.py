"""What is known of persons is marked in a proposal, and none of it stands there or is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog.entry import Entry
from catalog.load import load_catalog
from ingestion.delivery import DeliveryRefused
from orchestration.city import City
from orchestration.flows.inbox import gate_file
from orchestration.flows.proposal import propose_entry
from tests.ingestion.books import made
from tests.orchestration.town import NOW, town

ROWS = 120
NAMES = [a + b for a in "赵钱孙李周吴郑王" for b in ("伟", "芳丽", "秀英")]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def citizen_id(n: int) -> str:
    first = f"520102{1950 + n % 50}{1 + n % 12:02}{1 + n % 28:02}{n % 1000:03}"
    return first + "10X98765432"[sum(int(c) * w for c, w in zip(first, WEIGHTS, strict=True)) % 11]


def mobile(n: int) -> str:
    return f"138{n * 7919 % 100_000_000:08}"


def person(n: int) -> tuple[str, ...]:
    plate, home = f"贵A{n * 37:05}", f"贵阳市南明区中华南路{n}号"
    return citizen_id(n), NAMES[n % 24], mobile(n), plate, home


def lines(header: str, row) -> str:
    """Return a text of rows under a header, or without one."""
    body = "".join(",".join(map(str, row(n))) + "\n" for n in range(ROWS))
    return f"{header}\n{body}" if header else body


@dataclass(frozen=True)
class Made:
    """A proposal as it stands in its file and in what was told of it."""

    entry: Entry
    told: str

    def sensitive(self) -> list[str]:
        return [item.title for item in self.entry.items if item.sensitivity != "none"]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def proposed(city, tmp_path):
    """Return what is proposed of a sample; it must be valid and accept the sample, every row."""

    def propose(name: str, content: str | bytes) -> Made:
        sample = tmp_path / name
        sample.write_bytes(content if isinstance(content, bytes) else content.encode())
        output = tmp_path / "entries" / "guiyang_housing"
        said = propose_entry(city, sample, name="p", unit="guiyang_housing", output=output, now=NOW)
        entry = load_catalog(tmp_path / "entries").entry("p")
        verdict = gate_file(city, entry, sample, references={}, now=NOW)
        assert (verdict.passed, verdict.quarantined) == (True, 0)
        return Made(entry, said.path.read_text(encoding="utf-8") + "".join(said.notes))

    return propose


def test_a_file_without_a_header_gives_no_person_a_title(proposed):
    found = proposed("people.csv", lines("", person))
    assert [item.title for item in found.entry.items] == [f"第{n}列" for n in range(1, 6)]
    assert len(found.sensitive()) == 5
    assert not any(cell in found.told for cell in person(0))


def test_a_workbook_without_a_header_is_refused_without_a_word_of_it(city, tmp_path: Path):
    def fill(book) -> None:
        page = book.add_worksheet()
        for n in range(ROWS):
            page.write_row(n, 0, person(n))

    sample = tmp_path / "people.xlsx"
    sample.write_bytes(made(fill))
    with pytest.raises(DeliveryRefused) as said:
        propose_entry(city, sample, name="p", unit="guiyang_housing", output=tmp_path, now=NOW)
    assert "has no header" in str(said.value)
    assert not any(cell in str(said.value) for cell in person(0))


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("full_name", lambda n: NAMES[n % 8]),
        ("remark", lambda n: NAMES[n % 8]),
        ("tel", lambda n: f"0851-8{n % 9:07}"),
        ("说明", lambda n: f"0851-8{n % 9:07}"),
        ("证件", lambda n: citizen_id(n) if n % 9 else f"E{n:08}"),
        ("证件", lambda n: citizen_id(n)[:6] + citizen_id(n)[8:17]),
        ("说明", lambda n: f"{NAMES[n % 24]} {citizen_id(n)}" if n % 9 == 0 else "无"),
        ("说明", lambda n: f"电话{mobile(n)}"),
        ("说明", lambda n: f"u{n}@example.cn"),
        ("说明", lambda n: person(n)[-1]),
    ],
    ids=["name-en", "name", "tel", "land-line", "some-ids", "old-ids", "ids-in-text",
         "mobiles-in-text", "email", "home"],
)  # fmt: skip
def test_values_say_what_a_title_does_not(title, value, proposed):
    found = proposed("a.csv", lines(f"编号,{title}", lambda n: (f"X{n:04}", value(n))))
    assert found.sensitive() == [title]
    assert found.entry.classification.level == 3
    assert not any(str(value(n)) in found.told for n in range(ROWS) if value(n) != "无")


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("状态", lambda n: ("正常", "注销")[n % 2]),
        ("高度", lambda n: n + 0.5),
        ("2024", lambda n: n * 3),
        ("学历", lambda n: ("高中", "初中", "大学", "研究生")[n % 4]),
        ("公园", lambda n: f"第{n}公园"),
        ("表码", lambda n: 10_000_000_000 + n * 733_333_333),
    ],
)
def test_what_speaks_of_no_person_is_not_marked(title, value, proposed):
    found = proposed("a.csv", lines(f"编号,{title}", lambda n: (f"X{n:04}", value(n))))
    assert found.sensitive() == []
    assert [item.title for item in found.entry.items] == ["编号", title]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("email.csv", lines("编号,邮箱,email", lambda n: (n, f"u{n}@x.cn", f"v{n}@x.cn"))),
        ("twice.csv", lines("编号,名称,名称,,", lambda n: (n, f"甲{n}", f"乙{n}", "", ""))),
        ("above.csv", "居民表,,,,\n" + lines("身份证号,姓名,手机号,车牌号,住址", person)),
        ("big.csv", lines("编号,值", lambda n: (n, f"{10**25 + n}.{n:012}"))),
        ("bigger.csv", lines("编号,值", lambda n: (n, f"{10**30 + n}.{n:012}"))),
        ("wide.csv", lines("编号,姓名", lambda n: (n, NAMES[n % 24])).encode("utf-16-le")),
        (
            "nested.jsonl",
            "".join(
                json.dumps({"编号": n, "户": {"证件": citizen_id(n)}, "列": [n]}) + "\n"
                for n in range(ROWS)
            ),
        ),
    ],
    ids=["title-is-a-name", "titles-twice", "title-above", "digits", "more-digits", "utf-16-le",
         "nested"],
)  # fmt: skip
def test_odd_samples_give_entries_that_accept_them(name, content, proposed):
    assert not any(cell in proposed(name, content).told for cell in person(0))


def test_rows_within_an_object_are_refused(city, tmp_path: Path):
    sample = tmp_path / "a.json"
    sample.write_text(json.dumps({"data": [{"id": 1}]}))
    with pytest.raises(DeliveryRefused, match="deliver their array alone"):
        propose_entry(city, sample, name="p", unit="guiyang_housing", output=tmp_path, now=NOW)
