"""Which table is made from which is read from references and SQL, in the order to work in."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError
from pathlib import Path

import pytest

from catalog.load import Catalog, load_catalog
from orchestration.graph import (
    Model,
    ancestors,
    collection_order,
    downstream,
    read_models,
    references,
)

SHIPPED = load_catalog()


def project(folder: Path, **models: str) -> Path:
    """Write a dbt project of these models; every name is an entry of the shipped catalog."""
    (folder / "models").mkdir()
    for name, sql in models.items():
        (folder / "models" / f"{name}.sql").write_text(sql)
    return folder


def by_sql(models: Mapping[str, Model]) -> list[str]:
    """Return the models that SQL makes: tables of links are made by linking."""
    return [name for name in models if SHIPPED.entry(name).linkage is None]


def test_every_model_of_the_catalog_is_found_after_what_it_reads() -> None:
    models = read_models(SHIPPED)
    assert set(models) == {entry.name for entry in SHIPPED.models()}
    seen: set[str] = set()
    for name, model in models.items():
        assert set(model.models) <= seen, name
        assert set(model.sources) <= {entry.name for entry in SHIPPED.sources()}
        assert model.inputs, name
        seen.add(name)


def test_resources_are_collected_after_what_their_rows_refer_to() -> None:
    order = collection_order(SHIPPED, [entry.name for entry in SHIPPED.sources()])
    assert sorted(order) == sorted(entry.name for entry in SHIPPED.sources())
    for name in order:
        for other in references(SHIPPED, name) - {name}:
            assert order.index(other) < order.index(name)


def test_refs_are_followed_through_models_that_are_no_tables(tmp_path) -> None:
    found = read_models(
        SHIPPED,
        project(
            tmp_path,
            person="select * from {{ ref('stg_a') }} join {{ref( 'address' )}} using (x)",
            stg_a="select * from {{ ref('stg_b') }}",
            stg_b="select * from {{ source( 'current', 'resident' ) }}",
            address="select * from {{ source('raw', 'standard_address') }}",
        ),
    )
    assert by_sql(found) == ["address", "person"]
    assert found["person"].inputs == ("resident", "address")
    assert found["address"].inputs == ("standard_address",)


@pytest.mark.parametrize("touched", ["person", "stg_a", "macros"])
def test_the_code_digest_changes_with_all_code_that_makes_a_table(touched, tmp_path) -> None:
    folder = project(tmp_path, person="{{ ref('stg_a') }}", stg_a="select 1", address="select 2")
    before = read_models(SHIPPED, folder)
    path = folder / "models" / f"{touched}.sql"
    if touched == "macros":
        path = folder / "macros" / "m.sql"
        path.parent.mkdir()
    path.write_text("{{ ref('stg_a') }} -- changed")
    after = read_models(SHIPPED, folder)
    assert after["person"].code_digest != before["person"].code_digest
    assert (after["address"].code_digest == before["address"].code_digest) is (touched != "macros")


def test_tables_that_read_each_other_are_an_error_that_names_them(tmp_path) -> None:
    folder = project(tmp_path, person="{{ ref('address') }}", address="{{ ref('person') }}")
    with pytest.raises(CycleError) as error:
        read_models(SHIPPED, folder)
    assert set(error.value.args[1]) == {"person", "address"}


def test_ephemeral_models_in_a_circle_do_not_hang(tmp_path) -> None:
    folder = project(
        tmp_path,
        person="{{ ref('stg_a') }}",
        stg_a="{{ ref('stg_b') }}",
        stg_b="{{ ref('stg_a') }} {{ source('raw', 'resident') }}",
    )
    assert read_models(SHIPPED, folder)["person"].inputs == ("resident",)


def test_an_entry_without_sql_is_left_out(tmp_path) -> None:
    assert by_sql(read_models(SHIPPED, project(tmp_path, person="select 1"))) == ["person"]


def test_a_table_of_links_reads_what_its_words_name() -> None:
    models = read_models(SHIPPED)
    assert models["holder_link"].inputs == ("holder_claim", "holder_record")
    assert "entity_member" in models["entity"].models


def test_downstream_and_ancestors_are_each_others_mirror() -> None:
    models = read_models(SHIPPED)
    for entry in SHIPPED.sources():
        below = downstream(models, [entry.name])
        assert {name for name in models if entry.name in ancestors(models, name)} == set(below)
        assert list(below) == [name for name in models if name in below]
    assert "vacant_housing" in downstream(models, ["standard_address"])
    assert downstream(models, []) == ()


def test_a_catalog_without_references_keeps_every_name() -> None:
    empty = Catalog(entries={}, vocabulary=SHIPPED.vocabulary, paths={})
    assert collection_order(empty, []) == ()
    assert read_models(empty) == {}
