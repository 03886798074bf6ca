"""How databases differ: quoting, casts, what a session must be told, what their refusals mean.

Keep out: connecting and reading (drivers.py), what is read (sql.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pyarrow as pa

from catalog.schema import CITY_ZONE

OFFSET = "+08:00"  # of CITY_ZONE, for servers without a table of zones
REFUSALS = {
    "1044": ("denied", "refuses the credentials in secret {secret}: correct the secret"),
    "1045": ("denied", "refuses the credentials in secret {secret}: correct the secret"),
    "28": ("denied", "refuses the credentials in secret {secret}: correct the secret"),
    "42501": ("denied", "lets this user not read it: ask for the right to select"),
    "1142": ("denied", "lets this user not read it: ask for the right to select"),
    "42P01": ("no_such_source", "has no such table: correct table or query in the entry"),
    "42S02": ("no_such_source", "has no such table: correct table or query in the entry"),
    "42703": ("no_such_source", "has no such column: correct the query or the cursor's name"),
    "42S22": ("no_such_source", "has no such column: correct the query or the cursor's name"),
    "1049": ("no_such_source", "has no database of that name: correct secret {secret}"),
    "3D": ("no_such_source", "has no database of that name: correct secret {secret}"),
    "57014": ("too_slow", "ended the query for its time: fetch less, or raise max_minutes"),
    "70100": ("too_slow", "ended the query for its time: fetch less, or raise max_minutes"),
}
TEXTS = {"text", "varchar", "bpchar", "name"}  # of PostgreSQL


@dataclass(frozen=True)
class Dialect:
    """One kind of database."""

    name: str
    quote: str = '"'
    cast: str = "{}"  # a column, quoted, as exact text
    casts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # by type
    native: frozenset[str] | None = frozenset()  # types fast and exact without a cast; None: all
    session: tuple[str, ...] = ()
    tested: bool = True
    typeless: bool = False  # whether a column may hold any type in any row

    def quoted(self, name: str) -> str:
        """Return a name, dots between its parts, as this database takes it."""
        return ".".join(f"{self.quote}{part}{self.quote}" for part in name.split("."))

    def is_text(self, column: pa.Field) -> bool:
        """Tell whether the database orders a column's values by their letters."""
        said = (column.metadata or {}).get(b"POSTGRESQL:type")
        if said is not None:
            return said.decode() in TEXTS
        kind = column.type
        return self.typeless or pa.types.is_string(kind) or pa.types.is_large_string(kind)

    def column(self, column: pa.Field, *, careful: bool) -> str:
        """Return how to select a column: as it is where that is exact, otherwise as text."""
        name = f"{self.quote}{column.name.replace(self.quote, self.quote * 2)}{self.quote}"
        kind = _kind(column)
        is_fast = self.native is None or kind in self.native
        if is_fast and not (careful and pa.types.is_temporal(column.type)):
            return name
        return f"{self.casts.get(kind, self.cast).format(name)} as {name}"


def _kind(column: pa.Field) -> str:
    """Return the type of a column: the database's own word where the driver passes it on."""
    said = (column.metadata or {}).get(b"POSTGRESQL:type")
    return str(column.type) if said is None else said.decode()


POSTGRESQL = Dialect(
    "postgresql",
    cast="cast({} as text)",
    # Money comes as cents, without the point; numeric as the server's text, which takes half as
    # long as the driver's own decoding of it.
    casts={
        "money": "cast({} as numeric)::text",
        "bytea": "encode({}, 'hex')",
        "timestamptz": f"cast({{}} at time zone '{CITY_ZONE}' as text)",
    },
    native=frozenset(
        {
            *("int2", "int4", "int8", "float4", "float8", "bool"),
            *("text", "varchar", "date", "timestamp", "timestamptz"),
        }
    ),
    session=(
        # One snapshot from the first look to the last row, and nothing is ever written.
        "set transaction isolation level repeatable read, read only",
        f"set local timezone = '{CITY_ZONE}'",
        "set local datestyle = 'ISO, YMD'",
        "set local synchronize_seqscans = off",
        "set local statement_timeout = {milliseconds}",
    ),
)
MARIADB = Dialect(
    "mariadb",
    quote="`",
    # ConnectorX reads DECIMAL wrongly and dies of 0000-00-00: as text both are exact.
    cast="cast({} as char)",
    casts={"large_binary": "lower(hex({}))", "binary": "lower(hex({}))"},
    native=frozenset(
        {
            *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
            *("string", "large_string", "double", "float"),
        }
    ),
    session=(f"set time_zone = '{OFFSET}'", "set max_statement_time = {seconds}"),
)
SQLITE = Dialect(
    # A column of SQLite may hold any type in any row: only text is sure.
    "sqlite",
    cast="case typeof({0}) when 'blob' then lower(hex({0})) else cast({0} as text) end",
    typeless=True,
)
KNOWN = {
    "postgresql": POSTGRESQL,
    "postgres": POSTGRESQL,
    "mysql": MARIADB,
    "mariadb": MARIADB,
    "sqlite": SQLITE,
}


def dialect_of(scheme: str) -> Dialect:
    """Return the dialect of a URL's scheme; one that is not known is tried in standard SQL."""
    natural = Dialect(scheme, native=None, tested=False)
    return KNOWN.get(scheme, natural)


def refusal(*codes: str | None) -> tuple[str, str]:
    """Return the kind and the words for a database's own codes, the most telling first."""
    for code in codes:
        for known, said in REFUSALS.items():
            if code and code.startswith(known):
                return said
    shown = next((code for code in codes if code), "no code")
    return "rejected", f"refused the query (SQLSTATE {shown}): try it there, as the same user"
