"""The rules of dbt-project-evaluator, and portable SQL, held over the text of the models."""

from __future__ import annotations

import re

import pytest
import yaml

from catalog.load import load_catalog
from orchestration.graph import DBT_PROJECT, read_models
from tests.house.dbt_models import written

MODELS = written()
PUBLIC = {name: model for name, model in MODELS.items() if model.layer in {"base", "thematic"}}
STAGED = {name: model for name, model in MODELS.items() if name.startswith("stg_")}
# What a model may call by itself: names and meanings that DuckDB, Spark and Trino share. The
# rest goes through dbt's cross-database macros or ours (dbt_project/macros).
PORTABLE = {
    *("count", "sum", "min", "max", "avg", "coalesce", "nullif", "cast", "substr", "length"),
    *("lower", "upper", "trim", "replace", "concat", "abs", "round", "floor", "greatest", "least"),
    *("row_number", "rank", "dense_rank", "lag", "lead", "first_value", "last_value"),
    *("decimal", "varchar"),  # cast(x as decimal(18, 2))
}
GRAMMAR = {"as", "in", "over", "by", "from", "join", "on", "and", "or", "not", "when", "then"}
GRAMMAR |= {"else", "where", "select", "exists", "having", "union", "all", "with", "filter"}
DUCKDB_ONLY = re.compile(
    r"::|\bqualify\b|\bgroup by all\b|\border by all\b|\bexclude\s*\(|\bat time zone\b|\bunnest\b"
    r"|\bsemi join\b|\banti join\b|\basof\b|\bilike\b|\[\d+\]|\bpivot\b"
)
BRANCH = re.compile(r"\bcase\b|\bcoalesce\b")


def unit_tested() -> set[str]:
    files = (DBT_PROJECT / "models").rglob("_unit_tests.yml")
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    return {test["model"] for document in documents for test in document["unit_tests"]}


def test_only_staging_reads_sources_and_it_reads_nothing_else() -> None:
    assert [name for name, m in MODELS.items() if m.sources and name not in STAGED] == []
    assert [name for name, m in STAGED.items() if m.refs or not m.sources] == []


def test_themes_read_no_staging_and_bases_no_theme() -> None:
    wrong = [
        f"{name} reads {ref}"
        for name, model in PUBLIC.items()
        for ref in model.refs
        if (model.layer == "thematic" and ref in STAGED)
        or (model.layer == "base" and MODELS[ref].layer == "thematic")
    ]
    assert wrong == []


def test_a_name_says_the_layer() -> None:
    prefixed = re.compile(r"(stg|int)_\w+|\w+_definition")
    staging = [name for name, model in MODELS.items() if model.layer == "staging"]
    assert [name for name in staging if not prefixed.fullmatch(name)] == []
    assert [name for name in PUBLIC if name.startswith(("stg_", "int_"))] == []


def test_a_source_is_staged_once() -> None:
    staged = [source for model in STAGED.values() for source in model.sources]
    assert sorted(staged) == sorted(set(staged))


def test_every_staging_model_is_read() -> None:
    read = {ref for model in MODELS.values() for ref in model.refs}
    assert [name for name, m in MODELS.items() if m.layer == "staging" and name not in read] == []


def test_a_step_between_says_what_it_is_for() -> None:
    steps = [m for name, m in MODELS.items() if name.startswith("int_")]
    assert [m.name for m in steps if not re.match(r"(\{[{%#].*?[%#}]\}\s*)?--", m.text)] == []


def test_every_model_with_branches_has_a_unit_test() -> None:
    branching = {name for name, model in PUBLIC.items() if BRANCH.search(model.plain.lower())}
    assert sorted(branching - unit_tested()) == []


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_is_portable(name) -> None:
    plain = MODELS[name].plain.lower()
    ctes = set(re.findall(r"\b(\w+)\s+as\s*\(", plain))
    ctes |= {"values", *re.findall(r"\)\s+as\s+(\w+)\s*\(", plain)}  # rows written out
    calls = MODELS[name].calls - ctes - GRAMMAR - {"placeholder"}
    assert sorted(calls - PORTABLE) == [], "use a macro"
    assert DUCKDB_ONLY.findall(MODELS[name].plain.lower()) == []


def test_tables_are_named_by_reference_and_never_by_schema() -> None:
    named = re.compile(r"\b(?:from|join)\s+\"?\w+\"?\.\"?\w+")
    assert [name for name, model in MODELS.items() if named.search(model.plain.lower())] == []


def test_no_table_is_joined_again_through_one_that_nobody_else_reads() -> None:
    catalog = load_catalog()
    models = {n: m for n, m in read_models(catalog).items() if catalog.entry(n).linkage is None}
    readers = {
        name: [other for other, model in models.items() if name in model.models] for name in models
    }
    again = [
        f"{name} reads {above} and, through {between} alone, once more"
        for name, model in models.items()
        for between in set(model.models) & set(models)
        for above in set(model.models) & set(models[between].models)
        if readers[between] == [name]
    ]
    assert again == []


def test_a_public_model_has_a_contract_a_group_and_a_described_key() -> None:
    for path in (DBT_PROJECT / "models").rglob("_*.yml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for model in document.get("models", ()) if path.parent.name != "staging" else ():
            config = model["config"]
            assert config["contract"] == {"enforced": True}, model["name"]
            assert (config["access"], bool(config["group"])) == ("public", True), model["name"]
            tested = [
                column for column in model["columns"] if "unique" in column.get("data_tests", ())
            ]
            whole = [each for each in model.get("data_tests", ()) if "unique" in each]
            assert len(tested) + len(whole) == 1, f"{model['name']}: has no tested key"
            assert all(column["description"] for column in model["columns"]), model["name"]


def test_a_model_follows_only_what_it_reads() -> None:
    catalog = load_catalog()
    wrong = [
        f"{name} follows {followed}"
        for name, model in read_models(catalog).items()
        for followed in catalog.entry(name).update.follows
        if followed not in model.inputs
    ]
    assert wrong == []
