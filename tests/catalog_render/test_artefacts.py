import time
from pathlib import Path

from catalog.render import drift, render_all, write
from tests.catalog_render.entries import PERSON, READING, catalog, entry

CITY = catalog(entry(READING), entry(PERSON))
PERSON_YAML = Path("dbt_project/models/base/population/_person.yml")


def test_one_entry_makes_its_page_and_its_source_or_contract():
    assert set(render_all(CITY)) == {
        Path("catalog/entry.schema.json"),
        Path("dbt_project/macros/precedence.sql"),
        Path("dbt_project/models/staging/_sources.yml"),
        Path("dbt_project/models/staging/vocabulary/elsewhere_definition.sql"),
        Path("dbt_project/models/staging/vocabulary/place_names_definition.sql"),
        Path("dbt_project/models/staging/vocabulary/terms_definition.sql"),
        Path("dbt_project/models/_groups.yml"),
        Path("dbt_project/models/_exposures.yml"),
        PERSON_YAML,
        Path("docs/catalog/raw/water_reading.md"),
        Path("docs/catalog/base/person.md"),
        Path("docs/catalog/README.md"),
    }


def test_written_files_do_not_drift(tmp_path):
    assert set(write(CITY, tmp_path)) == set(render_all(CITY))
    assert drift(CITY, tmp_path) == ()


def test_a_second_write_changes_nothing(tmp_path):
    write(CITY, tmp_path)
    assert write(CITY, tmp_path) == ()


def test_an_edited_or_missing_file_is_drift_with_what_to_do(tmp_path):
    write(CITY, tmp_path)
    (tmp_path / PERSON_YAML).write_text("models: []", encoding="utf-8")
    (tmp_path / "docs/catalog/README.md").unlink()
    assert drift(CITY, tmp_path) == (
        f"{PERSON_YAML}: differs from the catalog; run `citylake catalog render`",
        "docs/catalog/README.md: missing; run `citylake catalog render`",
    )


def test_files_of_an_entry_that_is_gone_are_drift_and_are_removed(tmp_path):
    write(CITY, tmp_path)
    left = catalog(entry(READING))
    assert [line.split(":")[1] for line in drift(left, tmp_path)].count(
        " rendered from an entry that is gone; run `citylake catalog render`"
    ) == 2
    write(left, tmp_path)
    assert not (tmp_path / PERSON_YAML).exists()
    assert drift(left, tmp_path) == ()


def test_a_file_that_people_wrote_is_never_removed(tmp_path):
    own = tmp_path / PERSON_YAML.parent / "_unit_tests.yml"
    own.parent.mkdir(parents=True)
    own.write_text("version: 2\nunit_tests: []\n", encoding="utf-8")
    write(CITY, tmp_path)
    assert own.exists()
    assert drift(CITY, tmp_path) == ()


def test_twenty_thousand_entries_render_in_seconds():
    reading = entry(READING)
    many = catalog(*(reading.model_copy(update={"name": f"r{n}"}) for n in range(20_000)))
    started = time.process_time()
    assert len(render_all(many)) == 20_009
    assert time.process_time() - started < 15
