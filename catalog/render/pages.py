"""One page for each data set and the index of all, in Markdown, in the guide's own words.

Keep out: the words themselves (wording.py) and facts about rows, which change daily.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from catalog.entry import Entry
from catalog.render import wording
from catalog.vocabulary import Vocabulary

MARK = "<!-- Rendered from the catalog by `citylake catalog render`: edit the entry instead. -->"
ITEM_COLUMNS = ("信息项", "名称", "类型", "主键", "必填", "取值", "单位", "敏感")


def page(entry: Entry, vocabulary: Vocabulary) -> str:
    """Render the page of one data set."""
    lines = [
        f"# {entry.title}",
        "",
        MARK,
        "",
        entry.abstract,
        "",
        *_table(("元数据", "内容"), _metadata(entry, vocabulary)),
        "",
        "## 信息项",
        "",
        *_table(ITEM_COLUMNS, _items(entry)),
    ]
    if entry.quality.rules:
        lines += ["", "## 质检规则", ""]
        lines += _table(("规则", "代码", "处理"), _rules(entry))
    return "\n".join(lines) + "\n"


def index_page(entries: Iterable[Entry], vocabulary: Vocabulary) -> str:
    """Render the index: every data set by zone, then by unit, database or theme."""
    lines = ["# 公共数据目录", "", MARK]
    ordered = sorted(entries, key=lambda e: (list(wording.ZONES).index(e.zone), e.group, e.name))
    for zone, of_zone in groupby(ordered, key=lambda entry: entry.zone):
        lines += ["", f"## {wording.ZONES[zone]}"]
        for group, members in groupby(of_zone, key=lambda entry: entry.group):
            lines += ["", f"### {group_title(group, vocabulary)}", ""]
            lines += _table(
                ("数据集", "名称", "代码", "更新", "共享", "开放"), _index_rows(members)
            )
    return "\n".join(lines) + "\n"


def group_title(group: str, vocabulary: Vocabulary) -> str:
    """Return the Chinese title of a unit, base database or theme."""
    titles = {unit.name: unit.title for unit in vocabulary.units}
    return vocabulary.groups.get(group) or titles.get(group, group)


def _metadata(entry: Entry, vocabulary: Vocabulary) -> Iterator[tuple[str, ...]]:
    """List the core metadata of the guide, then what citylake adds."""
    unit = vocabulary.unit(entry.unit)
    cycle = wording.CYCLES[entry.update.cycle]
    due = f"，{entry.update.due} 前" if entry.update.due else ""
    yield "信息资源代码", entry.code
    yield "表名", f"`{entry.zone}.{entry.name}`"
    yield "提供方", unit.title
    yield "提供方代码", unit.uscc
    yield "信息资源格式", wording.FORMATS.get(entry.origin.format or "", "数据库（由模型生成）")
    if entry.origin.source:
        yield "采集方式", wording.source(entry)
    yield "更新周期", f"{cycle}{due}，{wording.MODES[entry.update.mode]}"
    yield "共享类型", wording.access(entry.sharing)
    yield "开放类型", wording.access(entry.opening)
    if entry.backflow:
        under = f"，须有用途为“{p}”的授权" if (p := entry.backflow.purpose) else ""
        by = f"{entry.item(entry.backflow.by).title}（`{entry.backflow.by}`）"
        yield "回流", f"按{by}回流区县{under}"
    yield "数据分级", f"{wording.level(entry)}（{entry.classification.category}）"
    yield "隔离上限", f"{entry.quality.max_quarantine:.2%}"
    if entry.quality.trust_key:
        yield "主键", "由来源系统保证唯一，归集时不查重"
    if entry.retention:
        yield "保存期限", entry.retention
    if entry.published:
        yield "发布日期", entry.published
    if entry.related:
        yield "关联资源", "、".join(entry.related)


def _items(entry: Entry) -> Iterator[tuple[str, ...]]:
    """List the items of an entry."""
    for item in entry.items:
        yield (
            item.title,
            f"`{item.name}`",
            wording.item_type(item),
            "✓" if item.key else "",
            "✓" if item.key or item.required else "",
            wording.item_limits(item),
            item.unit or "",
            wording.SENSITIVITY[item.sensitivity],
        )


def _rules(entry: Entry) -> Iterator[tuple[str, ...]]:
    """List the rules of an entry with what happens to rows that break them."""
    for rule in entry.quality.rules:
        treatment = wording.SEVERITY[rule.severity]
        yield wording.rule_sentence(rule, entry), f"`{rule.defect_name}`", treatment


def _index_rows(entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """List data sets with what one asks first."""
    for entry in entries:
        yield (
            f"[{entry.title}]({entry.zone}/{entry.name}.md)",
            f"`{entry.name}`",
            entry.code,
            wording.CYCLES[entry.update.cycle],
            wording.ACCESS[entry.sharing.type],
            wording.ACCESS[entry.opening.type],
        )


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Render a Markdown table."""
    yield _row(header)
    yield _row(("---",) * len(header))
    for row in rows:
        yield _row(row)


def _row(cells: tuple[str, ...]) -> str:
    """Render one row; pipes in cells do not split it."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
