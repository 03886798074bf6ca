"""Great Expectations writes an expectation down anew at every look: remember it for one run.

A suite of 17 asks 2,500 times, two thirds of the fixed cost of a gate. Keep out: anything else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from great_expectations.expectations.expectation import Expectation

_RUNNING = threading.Lock()  # the property is of the class, so one run at a time remembers


@contextmanager
def remembered_configurations() -> Iterator[None]:
    """Let each expectation of a run be written down once; others in the process are as ever."""
    if not _RUNNING.acquire(blocking=False):
        yield
        return
    stock: Any = Expectation.configuration
    thread = threading.get_ident()
    seen: dict[int, tuple[Expectation, Any]] = {}

    def configuration(self: Expectation) -> Any:  # noqa: ANN401 - as the property has it
        if threading.get_ident() != thread:
            return stock.fget(self)
        if id(self) not in seen:
            seen[id(self)] = (self, stock.fget(self))
        return seen[id(self)][1]

    patched: Any = Expectation
    patched.configuration = property(configuration)
    try:
        yield
    finally:
        patched.configuration = stock
        _RUNNING.release()
