"""Great Expectations works out the same anew at every look: remember it for one run.

A suite of 17 writes its expectations down 2,500 times and builds one anew for each of 220
metrics: two thirds of the fixed cost of a gate. Keep out: anything else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from great_expectations.expectations import expectation as stock
from great_expectations.expectations.expectation import Expectation

_RUNNING = threading.Lock()  # what is replaced is the class's, so one run at a time remembers
Property = Callable[[Any], Any]
Seen = tuple[object, Any]  # objects are kept, so that no other takes their id
NOTHING: Mapping[int, Seen] = {}


class _Written:
    """A configuration with the arguments of its expectation, as `get_metric_kwargs` asks."""

    def __init__(self, configuration: Any) -> None:  # noqa: ANN401 - Great Expectations' own
        self.configuration = configuration
        self.kwargs = configuration.kwargs
        self._expectation: Any = None
        self._said: dict[str, dict[str, Any]] = {}

    def to_domain_obj(self) -> _Written:
        """Answer for the expectation, which is built at the first question only."""
        return self

    def _get_runtime_kwargs(self, runtime_configuration: Any = None) -> dict[str, Any]:  # noqa: ANN401
        key = repr(runtime_configuration)
        if key not in self._said:
            if self._expectation is None:
                self._expectation = self.configuration.to_domain_obj()
            self._said[key] = self._expectation._get_runtime_kwargs(runtime_configuration)
        return dict(self._said[key])


@contextmanager
def remembered(known: Mapping[int, Seen] = NOTHING) -> Iterator[None]:
    """Let a run work out each thing once; others in the process are as ever.

    `known` are configurations that were worked out before, by the id of their expectation.
    """
    if not _RUNNING.acquire(blocking=False):
        yield
        return
    written: Any = Expectation.configuration
    places: tuple[Any, Any] = (Expectation, stock)
    expectation, module = places
    asked = module.get_metric_kwargs
    try:
        expectation.configuration = property(_once(written.fget, known))
        module.get_metric_kwargs = _arguments(asked)
        yield
    finally:
        expectation.configuration = written
        module.get_metric_kwargs = asked
        _RUNNING.release()


def _once(ask: Property, known: Mapping[int, Seen] = NOTHING) -> Property:
    """Return a property that asks each object once, within this thread."""
    thread = threading.get_ident()
    seen = dict(known)

    def answer(self: object) -> Any:  # noqa: ANN401 - as the property has it
        if threading.get_ident() != thread:
            return ask(self)
        if id(self) not in seen:
            seen[id(self)] = (self, ask(self))
        return seen[id(self)][1]

    return answer


def _arguments(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return `get_metric_kwargs` that builds no expectation for each of its metrics."""
    known = _once(_Written)

    def answer(
        metric_name: str,
        configuration: Any = None,  # noqa: ANN401 - Great Expectations' own
        runtime_configuration: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        shown = None if configuration is None else known(configuration)
        return ask(metric_name, shown, runtime_configuration)

    return answer
