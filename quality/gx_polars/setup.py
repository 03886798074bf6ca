"""Teach Great Expectations the Polars engine, once a process, and open a context for it.

Keep out: suites and their rules.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

from quality.gx_polars import aggregates, datasource, expectations  # noqa: F401 - they register themselves
from quality.gx_polars.column_metrics import register_column_metrics
from quality.gx_polars.coverage import register_coverage_metrics
from quality.gx_polars.distributions import register_distribution_metrics
from quality.gx_polars.group_metrics import register_group_metrics
from quality.gx_polars.more_metrics import register_more_metrics
from quality.gx_polars.parsed import register_parsed_metrics
from quality.gx_polars.row_metrics import register_row_metrics
from quality.gx_polars.types import teach_types

DATASOURCE, ASSET = "polars", "frame"


@cache
def register() -> None:
    """Register metrics, expectations and the datasource."""
    register_column_metrics()
    register_row_metrics()
    register_group_metrics()
    register_coverage_metrics()
    register_more_metrics()
    register_distribution_metrics()
    register_parsed_metrics()
    teach_types()


@cache
def batch_definition() -> Any:  # noqa: ANN401 - Great Expectations' own
    """Return the definition of a batch that is a Polars frame, in a context without files."""
    register()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_polars(DATASOURCE)
    return source.add_dataframe_asset(ASSET).add_batch_definition_whole_dataframe("whole")
