"""What the stock expectations about a column's type say on this engine: Polars' types by name.

They ask the engine's class and know three; theirs is taught a fourth, the others stay as they are.
Keep out: the types that a catalog declares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_type_to_be import ExpectColumnTypeToBe
from great_expectations.expectations.core.expect_column_values_to_be_in_type_list import (
    ExpectColumnValuesToBeInTypeList,
)
from great_expectations.expectations.core.expect_column_values_to_be_of_type import (
    ExpectColumnValuesToBeOfType,
)

from quality.gx_polars.engine import PolarsExecutionEngine

INTEGERS = ("Int8", "Int16", "Int32", "Int64", "Int128", "UInt8", "UInt16", "UInt32", "UInt64")
NAMES: Mapping[str, tuple[str, ...]] = {  # of Python, numpy and pandas
    "int": INTEGERS, "long": INTEGERS,
    "float": ("Float32", "Float64"), "double": ("Float64",), "float64": ("Float64",),
    "float32": ("Float32",), "str": ("String",), "string": ("String",), "object": ("String",),
    "bool": ("Boolean",), "boolean": ("Boolean",), "bytes": ("Binary",),
    "date": ("Date",), "datetime": ("Datetime",), "datetime64": ("Datetime",),
    "timedelta": ("Duration",), "decimal": ("Decimal",), "list": ("List", "Array"),
    "dict": ("Struct",), "category": ("Categorical", "Enum"),
    **{kind.lower(): (kind,) for kind in INTEGERS},
}  # fmt: skip
Said = dict[str, Any]


def _fits(observed: str, name: str) -> bool:
    """Tell whether a column's type is meant by a name: `Decimal`, `Decimal(10, 2)`, `int`."""
    bare = observed.partition("(")[0]
    meant = NAMES.get(name.partition("[")[0].lower())
    if meant is None and not hasattr(pl, name.partition("(")[0]):
        raise ValueError(f"type {name!r} is no type of Polars, Python or numpy")
    plain = name.replace("precision=", "").replace("scale=", "")
    same = (observed, observed.replace("precision=", "").replace("scale=", ""), bare)
    return bare in (meant or ()) or name in same or plain in same


def _judged(expectation: Any, metrics: Mapping[str, Any]) -> Said:  # noqa: ANN401 - GX's own
    asked = expectation.configuration.kwargs
    wanted = asked.get("type_", asked.get("type_list"))
    names = [wanted] if isinstance(wanted, str) else wanted
    types = {one["name"]: one["type"] for one in metrics["table.column_types"]}
    if asked["column"] not in types:
        raise KeyError(f"column {asked['column']} does not exist in the batch")
    observed = types[asked["column"]]
    fitting = None if names is None else [_fits(observed, name) for name in names]
    good = fitting is None or any(fitting)
    return {"success": good, "result": {"observed_value": observed}}


def _taught(known: Callable[..., Said]) -> Callable[..., Said]:
    def validate(self: Any, metrics: Said, *more: Any, **named: Any) -> Said:  # noqa: ANN401
        engine = named.get("execution_engine") or (more[1] if len(more) > 1 else None)
        if isinstance(engine, PolarsExecutionEngine):
            return _judged(self, metrics)
        return known(self, metrics, *more, **named)

    return validate


def teach_types() -> None:
    """Teach the stock expectations about types this engine; once a process."""
    for kind in (
        ExpectColumnValuesToBeOfType,
        ExpectColumnValuesToBeInTypeList,
        ExpectColumnTypeToBe,
    ):
        setattr(kind, "_validate", _taught(kind._validate))  # noqa: B010 - mypy's
