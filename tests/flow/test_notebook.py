"""The analysts' notebook and page do what they say, on the tiny city."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from orchestration.flows.pins import pin
from tests.flow.conftest import Ran
from tests.house.project import ROOT

pytestmark = pytest.mark.xdist_group("tiny_city")


@pytest.fixture(scope="module")
def names(ran: Ran) -> dict[str, Any]:
    """Return what the notebook's cells leave behind, run in order as a reader would."""
    notebook = json.loads((ROOT / "docs" / "analysts.ipynb").read_text(encoding="utf-8"))
    found: dict[str, Any] = {"__name__": "notebook"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CITYLAKE_HOME", str(ran.home))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), found)
    return found


def released(ran: Ran, name: str) -> pl.DataFrame:
    table = pin(ran.city, name)
    return ran.city.lake.scan(table.zone, name, table.version).collect()


def test_vacancy_in_the_notebook_is_that_of_the_released_table(ran, names) -> None:
    housing = released(ran, "vacant_housing")
    last = housing.filter(pl.col("month") == housing["month"].max())
    assert names["vacancy"]["judged"].sum() == last.filter(pl.col("status") != "unknown").height
    assert names["vacancy"]["vacant"].sum() == last.filter(pl.col("status") == "vacant").height
    assert names["by_status"]["len"].sum() == housing.height


def test_days_in_the_notebook_add_up_to_the_readings(ran, names) -> None:
    assert names["daily"]["usage"].sum() == released(ran, "daily_usage")["usage"].sum()


def test_excel_gets_a_workbook_and_a_marked_csv(ran, names) -> None:
    reports: Path = names["home"] / "reports"
    assert pl.read_excel(reports / "vacancy.xlsx").height == names["vacancy"].height
    assert (reports / "vacancy.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


def test_the_notebook_is_kept_without_what_it_printed() -> None:
    notebook = json.loads((ROOT / "docs" / "analysts.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in cells] == [[]] * len(cells)


def test_every_view_of_the_page_is_in_the_file(ran, names) -> None:
    page = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
    for view in set(re.findall(r"from ((?:base|thematic|citylake)\.\w+)", page)):
        assert names["city"].sql(f"select count(*) from {view}").fetchone() is not None
