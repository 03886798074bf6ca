"""Column lineage: from which columns of its inputs each column of a model is made.

Read from the SQL that dbt compiled, by sqlglot. What decides which rows there are (joins,
filters, grouping) is not a column's origin. Keep out: telling others (flows/openlineage.py).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.load import Catalog
from catalog.render.dbt import duckdb_type
from catalog.schema import table_schema

if TYPE_CHECKING:
    from sqlglot.expressions import Expr
    from sqlglot.lineage import Node

DIALECT = "duckdb"
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, order=True)
class Origin:
    """A column of a table that another column is made of."""

    zone: str
    name: str
    column: str


Columns = Mapping[str, tuple[Origin, ...]]


def column_lineage(sql: str, catalog: Catalog) -> Columns:
    """Return the origins of every column of a compiled model, in the model's order.

    SQL that cannot be read has no origins, and is logged: a build does not fail for that.
    """
    from sqlglot import parse_one
    from sqlglot.errors import SqlglotError
    from sqlglot.lineage import lineage

    # It warns of every count(*), since that names no column: nothing a reader of the log can do.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        tree = parse_one(sql, dialect=DIALECT)
        found = lineage(None, tree, _schema(tree, catalog), dialect=DIALECT, trim_selects=False)
    except SqlglotError as error:
        LOG.warning("the origins of columns cannot be read: %s", " ".join(str(error).split())[:200])
        return {}
    return {name: tuple(sorted(set(_origins(node)))) for name, node in found.items()}


def _origins(node: Node) -> Iterator[Origin]:
    """Yield the columns of tables at the ends of a column's way back."""
    from sqlglot import exp

    for each in node.walk():
        if not each.downstream and isinstance(each.expression, exp.Table):
            table = each.expression
            column = each.name.rpartition(".")[2].strip('"')
            if table.db and column != "*":
                yield Origin("raw" if table.db == "current" else table.db, table.name, column)


def upstream(lineages: Mapping[tuple[str, str], Columns], column: Origin) -> tuple[Origin, ...]:
    """Return the items of units' resources that a column is made of, over all models between."""
    found: set[Origin] = set()
    seen: set[Origin] = set()
    waiting = [column]
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if at.zone == "raw":
            found.add(at)
        waiting += lineages.get((at.zone, at.name), {}).get(at.column, ())
    return tuple(sorted(found))


def _schema(tree: Expr, catalog: Catalog) -> dict[str, object]:
    """Return the columns of the tables that a query names, as sqlglot wants them."""
    from sqlglot import exp

    found: dict[str, dict[str, dict[str, str]]] = {}
    for table in tree.find_all(exp.Table):
        if table.db and table.name in catalog.entries:
            schema = table_schema(catalog.entry(table.name))
            columns = {name: duckdb_type(kind) for name, kind in schema.items()}
            found.setdefault(table.db, {})[table.name] = columns
    return {"memory": found} if found else {}
