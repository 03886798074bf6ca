import datetime as dt

import pytest

from catalog.vocabulary import Division, Limit, Unit, Vocabulary

SINCE = dt.date(1955, 1, 1)


def division(code, *, level="district", parent="520100", **about):
    values = {"code": code, "name": f"示例{code}", "level": level, "parent": parent}
    return Division(**{**values, "valid_from": SINCE, "backflow": level == "district", **about})


def unit(name):
    return Unit(
        name=name, title="示例", uscc="0" * 18, kind="department", chief_data_officer="示例"
    )


@pytest.fixture(scope="session")
def vocabulary():
    ended = {"valid_to": dt.date(2012, 11, 14), "backflow": False}
    return Vocabulary(
        units=(unit("guiyang_housing"), unit("guiyang_tax")),
        divisions=(
            division("520000", level="province", parent=None),
            division("520100", level="city", parent="520000"),
            division("520102"),
            division("520103"),
            division("520111"),
            division("520114", successor="520111", **ended),
            division("520115", valid_from=dt.date(2012, 11, 15)),
            division("520191", official=False),
            division("520199", **ended),
            division("520102001", level="street", parent="520102"),
            division("520111900", level="street", parent="520191"),
        ),
        code_lists={},
        deadlines=(),
        groups={},
        limits=(
            Limit(
                name="licence_term",
                title="授权运营最长期限",
                value=3,
                unit="year",
                source="起草说明",
                valid_from=dt.date(2025, 8, 1),
            ),
        ),
    )
