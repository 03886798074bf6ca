"""What Dagster shows of a table: its spec from the entry, its metadata and check from a verdict.

Keep out: doing anything (assets.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import dagster as dg

from catalog.entry import Entry
from catalog.render.dbt import duckdb_type
from catalog.schema import polars_type
from catalog.vocabulary import Vocabulary
from orchestration.freshness import freshness_policy
from orchestration.lineage import Columns
from quality.check import Severity
from quality.verdict import GRAVITY, REASONS, Verdict

GATE, ACCOUNT = "gate", "account"
DOCS = "http://127.0.0.1:3001"  # make dev serves Data Docs there
SHOWN = 6  # broken rules in the sentence; the table has all


def table_spec(
    entry: Entry, vocabulary: Vocabulary, deps: Iterable[tuple[str, str]]
) -> dg.AssetSpec:
    """Return the spec of the asset `[zone, name]`."""
    unit = vocabulary.unit(entry.unit)
    return dg.AssetSpec(
        key=[entry.zone, entry.name],
        deps=[dg.AssetKey(list(dep)) for dep in sorted(deps)],
        description=f"{entry.title} · {unit.title}\n\n{entry.abstract}",
        group_name=entry.group,
        owners=[f"team:{entry.unit}"],
        kinds={"deltalake", "dbt" if entry.origin.model else "polars"},
        tags={"cycle": entry.update.cycle, "zone": entry.zone},
        freshness_policy=freshness_policy(entry),
        metadata={
            "dagster/column_schema": column_schema(entry),
            "信息资源代码": entry.code,
            "提供方": unit.title,
            "分级": str(entry.classification.level),
            "共享": entry.sharing.type,
            "开放": entry.opening.type,
        },
    )


def backflow_spec(entry: Entry, vocabulary: Vocabulary) -> dg.AssetSpec:
    """Return the spec of the asset `[backflow, name]`: what the districts receive of a table."""
    count = len(vocabulary.recipients())
    return dg.AssetSpec(
        key=["backflow", entry.name],
        deps=[dg.AssetKey([entry.zone, entry.name])],
        description=f"{entry.title} · 回流至 {count} 个区县",
        group_name="backflow",
        owners=[f"team:{entry.unit}"],
        kinds={"deltalake", "csv"},
        tags={"zone": "backflow"},
        metadata={"dagster/column_schema": column_schema(entry)},
    )


def column_schema(entry: Entry) -> dg.TableSchema:
    """Return the columns with their types and Chinese titles."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=item.name,
                type=duckdb_type(polars_type(item)),
                description=item.title,
                constraints=dg.TableColumnConstraints(nullable=not (item.key or item.required)),
            )
            for item in entry.items
        ]
    )


def column_lineage_metadata(columns: Columns) -> dict[str, dg.TableColumnLineage]:
    """Return the origins of columns as Dagster shows them; nothing where none are known."""
    if not columns:
        return {}
    deps = {
        name: [
            dg.TableColumnDep(
                asset_key=dg.AssetKey([origin.zone, origin.name]), column_name=origin.column
            )
            for origin in origins
        ]
        for name, origins in columns.items()
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps)}


def gate_check(
    key: dg.AssetKey, verdicts: Iterable[tuple[str, Verdict]], refusals: Mapping[str, str]
) -> dg.AssetCheckResult:
    """Return the check of a gate: passed when every verdict did and nothing was refused."""
    judged = list(verdicts)
    bad = [name for name, verdict in judged if not verdict.passed] + list(refusals)
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=GATE,
        passed=not bad,
        severity=dg.AssetCheckSeverity.ERROR if bad else dg.AssetCheckSeverity.WARN,
        description=_sentence(judged, refusals),
        metadata={
            "未通过的规则（按级别）": _graveness(judged),
            "rules": dg.MetadataValue.md(_rule_table(judged)),
            "rows": sum(v.rows for _, v in judged),
            "quarantined": sum(v.quarantined for _, v in judged),
            "repeats": sum(v.repeats for _, v in judged),
            "质检报告": dg.MetadataValue.url(docs_url(key)),
            **({"refused": dg.MetadataValue.json(dict(refusals))} if refusals else {}),
        },
    )


def docs_url(key: dg.AssetKey) -> str:
    """Return where `citylake docs serve` shows the verdicts on a table."""
    return f"{DOCS}/{'/'.join(key.path)}/"


def _sentence(judged: list[tuple[str, Verdict]], refusals: Mapping[str, str]) -> str:
    if not judged and not refusals:
        return "没有新的交付 (nothing new)"
    rows, out = sum(v.rows for _, v in judged), sum(v.quarantined for _, v in judged)
    failed = [f"{name}：{REASONS.get(v.reason, v.reason)}" for name, v in judged if not v.passed]
    failed += [f"{name}：{why}" for name, why in refusals.items()]
    said = [f"{len(judged) + len(refusals)} 份中未通过 {len(failed)} 份", *failed] if failed else []
    broken = _broken(judged)
    more = [f"等 {len(broken)} 条规则"] if len(broken) > SHOWN else []
    return "；".join([*said, f"共 {rows} 行，隔离 {out} 行", *broken[:SHOWN], *more])


def _broken(judged: list[tuple[str, Verdict]]) -> list[str]:
    """Say which rules did not hold, in the words that units read: the gravest and frequent first.

    How grave a rule is stands beside it: Dagster knows errors and warnings alone.
    """
    counts: Counter[tuple[Severity, str]] = Counter()
    for _, verdict in judged:
        for rule in verdict.rules:
            if rule.failed or not rule.passed:
                counts[rule.severity, rule.expected] += rule.failed
    order = list(GRAVITY)
    found = sorted(counts.items(), key=lambda each: (order.index(each[0][0]), -each[1]))
    return [
        f"【{GRAVITY[severity]}】{expected}" + (f"（{rows} 行不符）" if rows else "")
        for (severity, expected), rows in found
    ]


def _graveness(judged: list[tuple[str, Verdict]]) -> str:
    """Say how many rules of each severity did not hold."""
    broken = {(r.severity, r.rule) for _, v in judged for r in v.rules if r.failed or not r.passed}
    counts = Counter(severity for severity, _ in broken)
    told = [f"{word} {counts[name]} 条" for name, word in GRAVITY.items() if counts[name]]
    return "，".join(told) or "无"


def _rule_table(judged: list[tuple[str, Verdict]]) -> str:
    lines = [
        "| 对象 | 规则 | 期望 | 观察 | 未通过行数 | 级别 | 结果 | 示例 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, verdict in judged:
        for rule in sorted(verdict.rules, key=lambda each: (each.passed, -each.failed)):
            mark = "✓" if rule.passed else ("?" if rule.error else "✗")
            observed, examples = rule.error or rule.observed, "；".join(rule.examples)
            cells = (name, rule.rule, rule.expected, observed, rule.failed)
            more = (GRAVITY[rule.severity], mark, examples)
            shown = (str(c).replace("|", "\\|") for c in (*cells, *more))
            lines.append("| " + " | ".join(shown) + " |")
    return "\n".join(lines)
