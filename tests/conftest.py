"""What holds for all tests: those of one `xdist_group` run on one worker and share what is dear."""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand the groups on to the scheduler.

    xdist 3.8 writes a group where pytest before 9.2 read a test's name: without this, silently,
    every worker makes the dear fixtures of a group for itself.
    """
    for item in items:
        if grouped := vars(item).get("_nodeid"):
            item._id = type(item.id).parse(grouped)
