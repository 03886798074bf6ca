"""Every model between sources and tables says what its rows are and what each column says."""

from __future__ import annotations

import sqlglot
import yaml

from tests.dbt.conftest import PROJECT

STAGING = PROJECT / "models" / "staging"


def test_ephemeral_models_are_documented_with_every_column(compiled: dict[str, str]) -> None:
    files = [path for path in STAGING.glob("*.yml") if path.name != "_sources.yml"]
    described = {
        model["name"]: (model.get("description"), model.get("columns", []))
        for path in files
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ())
    }
    for path in STAGING.rglob("*.sql"):
        about, columns = described.get(path.stem, ("", []))
        assert about, f"{path.stem}: say in models/staging/_staging.yml what a row is"
        selected = sqlglot.parse_one(compiled[path.stem], dialect="duckdb").named_selects
        assert [column["name"] for column in columns] == selected, path.stem
        assert all(column.get("description") for column in columns), path.stem
