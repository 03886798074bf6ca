"""What the SQL repeats of the catalog, because SQL cannot ask it."""

from catalog.load import Catalog
from catalog.schema import CITY_ZONE
from tests.dbt.conftest import PROJECT


def test_macro_tells_time_in_the_zone_of_the_city() -> None:
    text = (PROJECT / "macros" / "city.sql").read_text(encoding="utf-8")
    assert f"at time zone '{CITY_ZONE}'" in text


def test_every_base_and_thematic_entry_has_its_model(catalog: Catalog) -> None:
    models = {
        path.relative_to(PROJECT / "models").with_suffix("").as_posix()
        for zone in ("base", "thematic")
        for path in (PROJECT / "models" / zone).rglob("*.sql")
    }
    made_by_sql = [entry for entry in catalog.models() if entry.linkage is None]
    assert models == {f"{e.zone}/{e.group}/{e.name}" for e in made_by_sql}


def test_personal_items_are_graded_three_or_higher(catalog: Catalog) -> None:
    personal = ("personal", "sensitive_personal")
    for entry in catalog.models():
        if any(item.sensitivity in personal for item in entry.items):
            assert entry.classification.level in (3, 4), entry.name
