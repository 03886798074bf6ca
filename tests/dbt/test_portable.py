"""The models as dbt compiled them say the same in the SQL of distributed engines."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from catalog.load import Catalog
from tests.dbt.conftest import Tables


@pytest.mark.parametrize("engine", ["spark", "trino"])
def test_every_model_compiles_for_a_distributed_engine(
    nothing: Tables, target: Path, catalog: Catalog, engine: str
) -> None:
    compiled = {path.stem: path for path in (target / "compiled").rglob("models/**/*.sql")}
    for entry in catalog.models():
        (said,) = sqlglot.transpile(
            compiled[entry.name].read_text(encoding="utf-8"),
            read="duckdb",
            write=engine,
            unsupported_level=sqlglot.ErrorLevel.RAISE,
        )
        assert sqlglot.parse_one(said, dialect=engine).named_selects[-1] == "_deliveries"
