"""The assets of supervision (监督): what is told of units, written after what they delivered.

Keep out: tables of the catalog (assets.py), what a score is (supervision), and postponed
annotations, which Dagster cannot read.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.city import City, now
from orchestration.flows.supervise import TABLES, ZONE, supervise

TITLES = {
    "quality_score": "监督 · 各单位各资源逐月质量评分",
    "quarantine_age": "监督 · 待整改记录的存量与时长",
}


def supervision_assets(city: City) -> dg.AssetsDefinition:
    """Return the assets of both tables, downstream of every source."""
    sources = [dg.AssetKey([entry.zone, entry.name]) for entry in city.catalog.sources()]

    @dg.multi_asset(
        name=ZONE,
        specs=[
            dg.AssetSpec(
                [ZONE, name],
                deps=sources,
                description=title,
                group_name=ZONE,
                kinds={"deltalake", "polars"},
                tags={"zone": ZONE},
            )
            for name, title in TITLES.items()
        ],
    )
    def materialize() -> Iterator[dg.MaterializeResult[None]]:
        with city.working(wait=True):
            supervise(city, now=now())
        for name in TABLES:
            version = city.lake.version(ZONE, name)
            yield dg.MaterializeResult(
                asset_key=dg.AssetKey([ZONE, name]),
                metadata={"delta_version": -1 if version is None else version},
            )

    return materialize
