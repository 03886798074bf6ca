"""Assets of the catalog: one a table and one for what flows back of it, each calling one flow.

An asset without anything new says so and changes nothing.
Keep out: what the steps do (flows/), what Dagster shows (describe.py), and postponed
annotations, which Dagster cannot read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import dagster as dg

from catalog.entry import Entry
from ingestion.delivery import Account, in_words
from lake.errors import LakeError
from orchestration.city import City, now
from orchestration.describe import (
    ACCOUNT,
    GATE,
    backflow_spec,
    column_lineage_metadata,
    gate_check,
    table_spec,
)
from orchestration.flows.analyst import refresh
from orchestration.flows.backflow import Returned, backflow
from orchestration.flows.build import Built, build
from orchestration.flows.collect import collect
from orchestration.flows.collected import Collected
from orchestration.flows.fetch import Fetched, fetch
from orchestration.flows.release import release_raw
from orchestration.flows.upkeep import tend
from orchestration.graph import Model, read_models, references
from orchestration.openlineage import telling
from orchestration.openlineage.telling import telling_build, telling_collect
from registry.releases import Released

Report = Callable[[Fetched | Collected | Built | Returned], None]
Results = Iterator[dg.MaterializeResult[None]]

UNBUILT = {"failed": "构建未成功", "held": "没有变化，仍未放行"}


def silent(_: Fetched | Collected | Built | Returned) -> None:
    """Report nothing: Dagster's own log has it."""


def build_assets(
    city: City,
    *,
    names: Iterable[str] | None = None,
    report: Report = silent,
    fetching: bool = True,
) -> list[dg.AssetsDefinition]:
    """Build the assets of the named tables, or of the whole catalog."""
    models = read_models(city.catalog)
    wanted = city.catalog.entries if names is None else set(names)
    assets = []
    for name, entry in city.catalog.entries.items():
        if name not in wanted or (entry.zone != "raw" and name not in models):
            continue
        if entry.zone == "raw":
            assets.append(_raw_asset(city, entry, report, fetching=fetching))
        else:
            assets.append(_model_asset(city, entry, models[name], report))
        if entry.backflow is not None:
            assets.append(_backflow_asset(city, entry, report))
    return assets


def _raw_asset(city: City, entry: Entry, report: Report, *, fetching: bool) -> dg.AssetsDefinition:
    deps = [_address(city, name) for name in references(city.catalog, entry.name) - {entry.name}]
    spec = table_spec(entry, city.catalog.vocabulary, deps)

    @dg.multi_asset(
        name=f"raw__{entry.name}",
        specs=[spec],
        check_specs=[
            dg.AssetCheckSpec(GATE, asset=spec.key, description="交付门禁：条目声明的全部规则"),
            dg.AssetCheckSpec(ACCOUNT, asset=spec.key, description="来源行 = 接收 + 隔离 + 重复"),
        ],
    )
    def materialize(context: dg.AssetExecutionContext) -> Results:
        collected = []
        if fetching and entry.origin.source is not None:
            fetched = fetch(city, entry.name, now=now())
            context.log.log("WARNING" if fetched.is_trouble else "INFO", fetched.line)
            report(fetched)
        with telling_collect(city, entry) as told, city.working(wait=True):
            for one in collect(city, entry.name, now=now()):
                context.log.info(f"{one.file_name}: {one.outcome}: {one.message}")
                report(one)
                if one.outcome != "judged_again":  # what others stirred: its account is no new one
                    collected.append(one)
            released = release_raw(city, entry.name, now=now())
            refresh(city)
            telling.collected(told, entry, collected, released)
            for line in _tended(city, entry.name) if collected else ():
                context.log.info(line)
        yield dg.MaterializeResult(
            asset_key=spec.key,
            metadata=_raw_metadata(collected, released),
            check_results=_raw_checks(spec.key, collected),
        )

    return materialize


def _raw_metadata(
    collected: list[Collected], released: Released | None
) -> dict[str, int | dg.MetadataValue[Any]]:
    return {
        "dagster/row_count": released.release.rows if released else 0,
        "delta_version": released.release.version if released else -1,
        "deliveries": len(collected),
        "outcomes": dg.MetadataValue.json(
            {one.file_name: f"{one.outcome}: {one.message}" for one in collected}
        ),
    }


def _tended(city: City, name: str) -> Iterator[str]:
    """Look after a table's files; what cannot be joined is told, and stops no collection."""
    try:
        for row in tend(city, name, now=now()):
            yield f"{row['table']}: {row['files_before']} files joined into {row['files']}"
    except LakeError as error:
        yield f"{name}: small files stay as they are: {error}"


def _raw_checks(key: dg.AssetKey, collected: list[Collected]) -> list[dg.AssetCheckResult]:
    verdicts = [(one.file_name, one.verdict) for one in collected if one.verdict is not None]
    refused = {
        one.file_name: _unread(one)
        for one in collected
        if one.outcome in {"refused", "held", "not_a_file"} and one.verdict is None
    }
    accounts = [one.account for one in collected if one.account and one.outcome != "held"]
    total = Account(*(sum(getattr(a, f) for a in accounts) for f in Account.__dataclass_fields__))
    return [
        gate_check(key, verdicts, refused),
        dg.AssetCheckResult(
            asset_key=key,
            check_name=ACCOUNT,
            passed=total.balanced,
            description=_equation(total),
            metadata={field: getattr(total, field) for field in Account.__dataclass_fields__},
        ),
    ]


def _unread(one: Collected) -> str:
    """Say why there is no verdict on what lay in the inbox."""
    said = f"{one.outcome}: {one.message}" if one.outcome == "not_a_file" else one.message
    return in_words(said, one.file_name)


def _equation(total: Account) -> str:
    return f"{total.records} = {total.accepted} + {total.quarantined} + {total.repeats}"


def _model_asset(city: City, entry: Entry, model: Model, report: Report) -> dg.AssetsDefinition:
    spec = table_spec(
        entry, city.catalog.vocabulary, [_address(city, name) for name in model.inputs]
    )

    @dg.multi_asset(
        name=f"{entry.zone}__{entry.name}",
        specs=[spec],
        check_specs=[dg.AssetCheckSpec(GATE, asset=spec.key, description="版本门禁：通过才放行")],
    )
    def materialize(context: dg.AssetExecutionContext) -> Results:
        with telling_build(city, entry, model) as told, city.working(wait=True):
            built = build(city, model, now=now())
            refresh(city)
            telling.built(told, entry, built)
        context.log.info(f"{built.outcome}: {built.message}")
        report(built)
        yield dg.MaterializeResult(
            asset_key=spec.key,
            metadata={
                "outcome": built.outcome,
                "message": built.message,
                **_numbers({"dagster/row_count": built.rows, "delta_version": built.version}),
                **column_lineage_metadata(built.columns),
            },
            check_results=[_model_check(spec.key, built)],
        )

    return materialize


def _model_check(key: dg.AssetKey, built: Built) -> dg.AssetCheckResult:
    verdicts = [] if built.verdict is None else [(built.name, built.verdict)]
    words = UNBUILT.get(built.outcome) if built.verdict is None else None
    return gate_check(key, verdicts, {built.name: f"{words}（{built.message}）"} if words else {})


def _backflow_asset(city: City, entry: Entry, report: Report) -> dg.AssetsDefinition:
    spec = backflow_spec(entry, city.catalog.vocabulary)

    @dg.multi_asset(
        name=f"backflow__{entry.name}",
        specs=[spec],
        check_specs=[
            dg.AssetCheckSpec(ACCOUNT, asset=spec.key, description="放行 = 回流 + 留存(有原因)")
        ],
    )
    def materialize(context: dg.AssetExecutionContext) -> Results:
        with city.working(wait=True):
            returned = backflow(city, entry.name, now=now())
        context.log.info(f"{returned.outcome}: {returned.message}")
        report(returned)
        yield dg.MaterializeResult(
            asset_key=spec.key,
            metadata={
                "outcome": returned.outcome,
                "message": returned.message,
                "dagster/row_count": sum(returned.recipients.values()),
                "recipients": dg.MetadataValue.json(dict(returned.recipients)),
                "withheld": dg.MetadataValue.json(dict(returned.withheld)),
            },
            check_results=[
                dg.AssetCheckResult(
                    asset_key=spec.key,
                    check_name=ACCOUNT,
                    passed=returned.balanced,
                    description=returned.account,
                )
            ],
        )

    return materialize


def _address(city: City, name: str) -> tuple[str, str]:
    return city.entry(name).zone, name


def _numbers(values: Mapping[str, int | None]) -> dict[str, int]:
    return {name: value for name, value in values.items() if value is not None}
