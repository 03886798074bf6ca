"""The Data Docs site (质检报告): every kept verdict as a page, lists of them above.

Made from the registry at any time: a page never changes, so only missing ones are rendered.
Keep out: how a page looks (quality/data_docs.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from catalog.schema import CITY_ZONE
from orchestration.city import City
from quality.data_docs import listing, page, result_page
from quality.verdict import GRAVITY
from registry import deliveries, verdicts
from registry.verdicts import Headline

INDEX = "index.html"
ALL = {"unit": "提供方", "title": "资源", "table": "表", "verdicts": "质检次数", "at": "最近质检",
       "passed": "结论", "rows": "行数", "quarantined": "隔离"}  # fmt: skip
ONE = {"id": "质检号", "at": "时间", "about": "对象", "passed": "结论", "reason": "说明",
       "rows": "行数", "quarantined": "隔离", "repeats": "重复",
       "broken": "未通过的规则"}  # fmt: skip
RULES = {"rule": "规则", "expected": "期望", "observed": "观察", "failed": "未通过行数",
         "severity": "级别", "passed": "结果", "examples": "示例（不含个人信息）"}  # fmt: skip


def build_docs(city: City, *, pages: bool = True) -> int:
    """Write the lists, and the pages that are missing; return how many pages were rendered."""
    found: dict[str, list[Headline]] = {}
    for one in verdicts.headlines(city.registry):
        found.setdefault(one.subject, []).append(one)
    _write(city.settings.data_docs / INDEX, _index(city, found))
    for subject, every in found.items():
        _write(_folder(city, subject) / INDEX, _table(city, subject, every))
    if not pages:
        return 0
    missing = [h for every in found.values() for h in every if not _page(city, h).exists()]
    for one in missing:
        render(city, one)
    return len(missing)


def render(city: City, one: Headline) -> Path:
    """Render the page of one verdict, unless it is there."""
    path = _page(city, one)
    kept = None if path.exists() else verdicts.get(city.registry, one.id)
    if kept is not None:
        title = f"{_title(city, one.subject)} · 质检 {one.id}"
        rules = listing(RULES, _rules(one))
        told = result_page(
            kept.verdict.document, title=title, facts=_facts(city, one), rules=rules, home=INDEX
        )
        _write(path, told)
    return path


def page_asked(city: City, parts: tuple[str, ...]) -> Path | None:
    """Return the file of an address of the site, made now if it is missing; None if none is."""
    path = city.settings.data_docs.joinpath(*parts)
    if not path.suffix:
        path /= INDEX
    if path.name == INDEX:
        build_docs(city, pages=False)
    elif not path.exists() and len(parts) == 3 and path.stem.isdigit():
        subject = f"{parts[0]}.{parts[1]}"
        for one in verdicts.headlines(city.registry, subject):
            if one.id == int(path.stem):
                render(city, one)
    return path if path.is_file() else None


def _index(city: City, found: dict[str, list[Headline]]) -> str:
    titles = {unit.name: unit.title for unit in city.catalog.vocabulary.units}
    rows = []
    for subject, every in found.items():
        entry = city.catalog.entries.get(subject.partition(".")[2])
        rows.append(
            {
                **_common(every[-1]),
                "unit": titles.get(entry.unit, entry.unit) if entry else "",
                "title": (_title(city, subject), f"{subject.replace('.', '/')}/{INDEX}"),
                "table": subject,
                "verdicts": len(every),
            }
        )
    rows.sort(key=lambda row: (str(row["unit"]), str(row["table"])))
    return page("质检报告 Data Docs", listing(ALL, rows))


def _table(city: City, subject: str, every: list[Headline]) -> str:
    name = subject.partition(".")[2]
    files = {r.delivery.id: r.delivery.file_name for r in deliveries.all_of(city.registry, name)}
    rows = [
        {
            **_common(one),
            "id": (one.id, f"{one.id}.html"),
            "about": files.get(one.delivery or "", f"version {one.version}"),
            "reason": one.reason,
            "repeats": one.repeats,
            "broken": "；".join(f"{r.rule} {r.failed}" for r in one.rules if not r.passed),
        }
        for one in reversed(every)
    ]
    return page(f"{_title(city, subject)} · 质检", listing(ONE, rows), home=f"../../{INDEX}")


def _common(one: Headline) -> dict[str, object]:
    return {
        "at": one.at.astimezone(ZoneInfo(CITY_ZONE)).strftime("%Y-%m-%d %H:%M:%S"),
        "passed": one.passed,
        "rows": one.rows,
        "quarantined": one.quarantined,
    }


def _facts(city: City, one: Headline) -> Iterator[tuple[str, str]]:
    said = _common(one)
    record = deliveries.find(city.registry, one.delivery or "")
    yield "表", one.subject
    yield "对象", record.delivery.file_name if record else f"version {one.version}"
    if record is not None:
        yield "SHA-256", record.delivery.digest
        yield "交付批次", record.delivery.id
    yield "时间", str(said["at"])
    yield "结论", "通过" if one.passed else f"未通过：{one.reason}"
    yield (
        "行数 = 接收 + 隔离 + 重复",
        (
            f"{one.rows} = {one.rows - one.quarantined - one.repeats} "
            f"+ {one.quarantined} + {one.repeats}"
        ),
    )


def _rules(one: Headline) -> Iterator[dict[str, object]]:
    for rule in sorted(one.rules, key=lambda each: (each.passed, -each.failed)):
        yield {
            **vars(rule),
            "observed": rule.error or rule.observed,
            "severity": GRAVITY[rule.severity],
            "examples": "；".join(rule.examples),
        }


def _title(city: City, subject: str) -> str:
    entry = city.catalog.entries.get(subject.partition(".")[2])
    return entry.title if entry else subject


def _folder(city: City, subject: str) -> Path:
    return city.settings.data_docs.joinpath(*subject.split(".", 1))


def _page(city: City, one: Headline) -> Path:
    return _folder(city, one.subject) / f"{one.id}.html"


def _write(path: Path, text: str) -> None:
    """Write a page whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.rename(path)
