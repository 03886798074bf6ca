"""Great Expectations on pandas, with those rules of an entry that it has too.

Split, it is asked which rows each rule finds unexpected, and both kinds are written to Parquet.
Not among its rules: check characters, sums, references, order in time, cells of another type.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalog.entry import Entry
from quality.check import Check

CELL = "_cell_"
COUNTS = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
ROWS = {"result_format": "COMPLETE", "partial_unexpected_count": 0}


def judge(source: Path, entry: Entry, wanted: Iterable[Check], *, split: Path | None) -> None:
    """Read the file by pandas and validate it; with a folder to `split` into, write its rows."""
    import great_expectations as gx
    import pandas as pd
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.validation_definition import ValidationDefinition

    dates = [item.title for item in entry.items if item.type == "date"]
    frame = pd.read_csv(source, parse_dates=dates)
    frame = frame.rename(columns={item.title: item.name for item in entry.items})
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("frame")
    batch = asset.add_batch_definition_whole_dataframe("whole")
    rules = [rule for check in wanted for rule in _expectation(gx, check)]
    suite = context.suites.add(ExpectationSuite("rules", expectations=rules))
    definition = ValidationDefinition(name="gate", data=batch, suite=suite)
    said = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame},
        result_format=COUNTS if split is None else ROWS,
    )
    failed = [r for r in said.results if (r.exception_info or {}).get("raised_exception")]
    assert not failed, failed[0].exception_info
    assert len(said.results) == len(rules) > 15
    if split is not None:
        _write(frame, said.results, split)


def _expectation(gx: Any, check: Check) -> Iterable[Any]:
    """Yield the library's own expectation for a check, over what pandas read of the cell."""
    stock = getattr(gx.expectations, check.expectation, None)
    if stock is None:
        return
    plain = {
        name: value.removeprefix(CELL) if isinstance(value, str) else value
        for name, value in check.arguments.items()
    }
    yield stock(**plain)


def _write(frame: Any, results: Iterable[Any], folder: Path) -> None:
    """Write rows that some rule finds unexpected, and the others."""
    unexpected = {row for r in results for row in r.result.get("unexpected_index_list") or ()}
    bad = frame.index.isin(list(unexpected))
    assert 0 < bad.sum() < len(frame) / 100
    folder.mkdir(exist_ok=True)
    frame[~bad].to_parquet(folder / "accepted.parquet")
    frame[bad].to_parquet(folder / "rejected.parquet")
