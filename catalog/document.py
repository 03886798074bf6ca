"""YAML text → plain values, and the lines they stand on.

Words and numbers as in JSON: `no`, `06:00`, `0123` and dates are text. Anchors are refused.
Keep out: what the values mean (load.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from catalog.problem import Place

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_MARKED = "anchors (&), aliases (*) and tags (!) are not used — write it out"
_WORDS: dict[str, Value] = {"": None, "~": None, "null": None, "true": True, "false": False}


class DocumentError(ValueError):
    """A file is not a document that can be read; `line` says where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_text(path: Path) -> str:
    """Read a file as UTF-8, refusing what is too large or wrongly encoded."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(1, f"cannot be read ({error.strerror}) — mend the file") from error
    if len(data) > MAX_BYTES:
        raise DocumentError(1, f"is larger than {MAX_BYTES} bytes — this is no catalog file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(line, "is not UTF-8 — save the file as UTF-8") from error


def parse(text: str) -> Value:
    """Return the one document in the text as plain values."""
    builder = _Builder()
    # Events, not yaml.load: 2.4 times faster, which is what 20,000 entries need.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        while (event := loader.get_event()) is not None:
            _TAKES.get(event.__class__, _Builder.nothing)(builder, event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(filter(None, (error.context, error.problem)))
        raise DocumentError(mark.line + 1 if mark else 1, f"is not YAML: {said}") from error
    except yaml.YAMLError as error:
        raise DocumentError(1, f"is not YAML: {str(error).splitlines()[0]}") from error
    finally:
        loader.dispose()
    return builder.root[0] if builder.root else None


def lines(text: str) -> dict[Place, int]:
    """Return the line of every value of a document that `parse` accepts."""
    found: dict[Place, int] = {(): 1}
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    pending: list[tuple[Place, yaml.Node | None]] = [((), root)]
    while pending:
        place, node = pending.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                found[*place, key.value] = key.start_mark.line + 1
                pending.append(((*place, key.value), value))
        elif isinstance(node, yaml.SequenceNode):
            for position, value in enumerate(node.value):
                found[*place, position] = value.start_mark.line + 1
                pending.append(((*place, position), value))
    return found


class _Builder:
    """Takes parser events one by one and keeps the value that they build."""

    def __init__(self) -> None:
        self.root: list[Value] = []
        self._open: list[list[Value] | dict[str, Value]] = []
        self._at: list[Value] | dict[str, Value] = self.root
        self._key: str | None = None

    def scalar(self, event: Any) -> None:  # noqa: ANN401 - yaml's events are untyped
        value = event.value
        if self._key is None and isinstance(self._at, dict):
            if value in self._at:
                raise DocumentError(_line(event), f"'{value}' is written twice — keep one")
            self._key = value
            return
        if event.anchor is not None or event.tag is not None:
            raise DocumentError(_line(event), _MARKED)
        self._put(_value(value) if event.implicit[0] else value)

    def mapping(self, event: yaml.Event) -> None:
        self._start(event, {})

    def sequence(self, event: yaml.Event) -> None:
        self._start(event, [])

    def _start(self, event: Any, new: list[Value] | dict[str, Value]) -> None:  # noqa: ANN401
        if self._key is None and isinstance(self._at, dict):
            raise DocumentError(
                _line(event), "a list or mapping stands where a word must — mend it"
            )
        if len(self._open) >= MAX_DEPTH:
            raise DocumentError(_line(event), f"is nested more than {MAX_DEPTH} deep — flatten it")
        if event.anchor is not None or event.tag is not None:
            raise DocumentError(_line(event), _MARKED)
        here = self._at
        self._put(new)
        self._open.append(here)
        self._at, self._key = new, None

    def end(self, _event: yaml.Event) -> None:
        self._at, self._key = self._open.pop(), None

    def _put(self, value: Value) -> None:
        if isinstance(self._at, list):
            self._at.append(value)
        elif self._key is not None:
            self._at[self._key] = value
            self._key = None

    def alias(self, event: yaml.Event) -> None:
        raise DocumentError(_line(event), _MARKED)

    def document(self, event: yaml.Event) -> None:
        if self.root:
            raise DocumentError(_line(event), "second document — one file, one document")

    def nothing(self, _event: yaml.Event) -> None:
        """Take an event that builds nothing: the ends of stream and document."""


# By class, not by bound method: a table in the builder would keep every document in a cycle.
_TAKES: dict[type, Callable[[_Builder, Any], None]] = {
    yaml.ScalarEvent: _Builder.scalar,
    yaml.MappingStartEvent: _Builder.mapping,
    yaml.SequenceStartEvent: _Builder.sequence,
    yaml.MappingEndEvent: _Builder.end,
    yaml.SequenceEndEvent: _Builder.end,
    yaml.AliasEvent: _Builder.alias,
    yaml.DocumentStartEvent: _Builder.document,
}


def _value(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "-0123456789" and _NUMBER.fullmatch(text) and len(text) < 40:
        return float(text) if "." in text else int(text)
    return text


def _line(event: Any) -> int:  # noqa: ANN401
    return int(event.start_mark.line) + 1
