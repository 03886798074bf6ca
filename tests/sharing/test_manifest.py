import pytest
from pydantic import ValidationError

from catalog.entry import Classification, Entry, Item, Origin, Terms, Update
from sharing.manifest import columns_of
from tests.sharing.test_package import MANIFEST, NOW


def test_a_manifest_without_a_zone_in_its_time_is_refused():
    values = MANIFEST.model_dump() | {"created_at": NOW.replace(tzinfo=None)}
    with pytest.raises(ValidationError, match="timezone"):
        type(MANIFEST)(**values)


def test_columns_are_named_as_the_catalog_declares_them():
    closed = Terms(type="none", legal_basis="《示例法》")
    entry = Entry(
        name="household",
        code="307012001/000012",
        title="家庭",
        unit="guiyang_housing",
        abstract="示例",
        classification=Classification(level=3, category="population"),
        items=(Item(name="members", title="人数", type="integer", key=True),),
        origin=Origin(model="base", database="population"),
        update=Update(cycle="monthly"),
        sharing=closed,
        opening=closed,
    )
    found = [(column.name, column.title, column.type) for column in columns_of(entry)]
    assert found == [("members", "人数", "integer")]
