"""The Data Docs site (质检报告): every kept verdict as a page, lists of them above.

Made from the registry at any time: a page never changes, so only missing ones are rendered.
Keep out: how a page looks (quality/data_docs.py).
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from catalog.schema import CITY_ZONE
from ingestion.delivery import Status, in_words
from orchestration.city import City
from quality.data_docs import listing, notice, page, result_page
from quality.verdict import GRAVITY, REASONS
from registry import deliveries, verdicts
from registry.deliveries import Record
from registry.verdicts import Headline

INDEX = "index.html"
ALL = {"unit": "提供方", "title": "资源", "table": "表", "verdicts": "质检次数",
       "refused": "未通过次数", "unread": "未能读取的交付", "at": "最近质检", "passed": "最近结论",
       "rows": "行数", "quarantined": "隔离", "share": "隔离率"}  # fmt: skip
ONE = {"id": "质检号", "at": "时间", "about": "对象", "passed": "结论", "reason": "说明",
       "rows": "行数", "quarantined": "隔离", "repeats": "重复",
       "broken": "未通过的规则"}  # fmt: skip
RULES = {"expected": "规则", "passed": "结果", "failed": "未通过行数", "observed": "观察",
         "severity": "级别", "examples": "示例（不含个人信息）",
         "rule": "隔离区中的标记"}  # fmt: skip


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
        document = kept.verdict.document
        facts = [*_facts(city, one), *_unsplit(one, document)]
        told = result_page(document, title=title, facts=facts, rules=rules, home=INDEX)
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
    rows: list[dict[str, object]] = []
    for subject, every in found.items():
        entry = city.catalog.entries.get(subject.partition(".")[2])
        rows.append(
            {
                **_common(every[-1]),
                "unit": titles.get(entry.unit, entry.unit) if entry else "",
                "title": (_title(city, subject), f"{subject.replace('.', '/')}/{INDEX}"),
                "table": subject,
                "verdicts": len(every),
                "refused": sum(not one.passed for one in every) or None,  # only what is stands out
                "unread": len(_unread(city, subject)) or None,
            }
        )
    rows.sort(key=lambda row: (str(row["unit"]), str(row["table"])))
    return page("质检报告 Data Docs", _summary(found, rows) + listing(ALL, rows))


def _summary(found: dict[str, list[Headline]], rows: list[dict[str, object]]) -> str:
    """Say in one sentence how all of it stands."""
    every = [one for headlines in found.values() for one in headlines]
    refused = sum(not one.passed for one in every)
    unread = sum(int(str(row["unread"] or 0)) for row in rows)
    out, judged = sum(one.quarantined for one in every), sum(one.rows for one in every)
    return notice(
        f"{len(found)} 张表共质检 {len(every)} 次，未通过 {refused} 次；"
        f"另有 {unread} 份交付未能读取。"
        f"共 {judged} 行，隔离 {out} 行（{_share(out, judged)}）。"
    )


def _unread(city: City, subject: str) -> list[Record]:
    """Return the deliveries that were refused before any rule was asked."""
    zone, _, name = subject.partition(".")
    records = deliveries.all_of(city.registry, name) if zone == "raw" else ()
    return [
        r for r in records if r.status is Status.REFUSED and r.outcome and not r.outcome.verdict_id
    ]


def _table(city: City, subject: str, every: list[Headline]) -> str:
    name = subject.partition(".")[2]
    files = {r.delivery.id: r.delivery.file_name for r in deliveries.all_of(city.registry, name)}
    rows = [
        {
            **_common(one),
            "id": (one.id, f"{one.id}.html"),
            "about": files.get(one.delivery or "", f"version {one.version}"),
            "reason": REASONS.get(one.reason, one.reason),
            "repeats": one.repeats,
            "broken": "；".join(_broken(one)),
        }
        for one in reversed(every)
    ]
    rows += [
        {
            "about": r.delivery.file_name,
            "passed": False,
            "reason": f"未能读取：{in_words(r.outcome.reason or '', r.delivery.file_name)}",
            "at": _local(r.finished_at or r.delivery.received_at),
        }
        for r in _unread(city, subject)
        if r.outcome
    ]
    return page(f"{_title(city, subject)} · 质检", listing(ONE, rows), home=f"../../{INDEX}")


def _broken(one: Headline) -> Iterator[str]:
    """Say which rules did not hold, the most frequent first."""
    for rule in sorted(one.rules, key=lambda each: -each.failed):
        if not rule.passed:
            yield f"{rule.expected}（{rule.failed} 行）" if rule.failed else rule.expected


def _common(one: Headline) -> dict[str, object]:
    return {
        "at": _local(one.at),
        "passed": one.passed,
        "rows": one.rows,
        "quarantined": one.quarantined,
        "share": _share(one.quarantined, one.rows),
    }


def _local(at: dt.datetime) -> dt.datetime:
    """Return an instant as the city's clocks showed it."""
    return at.astimezone(ZoneInfo(CITY_ZONE)).replace(microsecond=0, tzinfo=None)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def _unsplit(one: Headline, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Say how many records were no rows at all: no rule below speaks of them."""
    counts = [
        int(r.get("result", {}).get("element_count") or 0) for r in document.get("results", ())
    ]
    if one.delivery and counts and max(counts) < one.rows:
        yield "其中无法读成一行的记录", f"{one.rows - max(counts)}（已隔离，不在下列规则中）"


def _facts(city: City, one: Headline) -> Iterator[tuple[str, str]]:
    said = _common(one)
    record = deliveries.find(city.registry, one.delivery or "")
    yield "表", one.subject
    yield "对象", record.delivery.file_name if record else f"version {one.version}"
    if record is not None:
        yield "SHA-256", record.delivery.digest
        yield "交付批次", record.delivery.id
    yield "时间", str(said["at"])
    yield "结论", "通过" if one.passed else f"未通过：{REASONS.get(one.reason, one.reason)}"
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
