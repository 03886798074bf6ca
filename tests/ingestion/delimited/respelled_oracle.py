"""The oracle for any dialect: signs are exchanged for plain ones, the plain oracle reads, and back.

Lone CRs that end records become LF, so texts are compared with line ends made alike.
"""

import re

from ingestion.delimited.dialect import Dialect
from tests.ingestion.delimited import oracle

KEPT = {",": "\ue003", '"': "\ue004"}  # plain signs that are text in the other dialect


def records(text: str, dialect: Dialect, width: int) -> list[oracle.Record]:
    """Return the records of a text, as the plain oracle reads them."""
    there, back = _exchange(dialect)
    signs = "|".join(re.escape(sign) for sign in sorted(there, key=len, reverse=True))
    plain = re.sub(signs, lambda match: there[match[0]], text, flags=re.DOTALL)
    if dialect.any_end:
        plain = re.sub("\r(?!\n)", "\n", plain)
    found = oracle.records(plain.encode(), oracle.Dialect(width=width))
    return [
        oracle.Record(
            _back(record.raw.decode(), back).encode(),
            record.marks,
            tuple(None if f is None else _back(f, back, text=True) for f in record.fields),
        )
        for record in found
    ]


def _exchange(dialect: Dialect) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Return what stands for each sign, and for that the sign in a record and in a text."""
    there = dict(KEPT)
    back = {kept: (sign, sign) for sign, kept in KEPT.items()}
    for number, sign in enumerate(filter(None, (dialect.quote, dialect.escape, dialect.delimiter))):
        if dialect.escape:
            kept = chr(0xE010 + number)
            there[dialect.escape + sign], back[kept] = kept, (dialect.escape + sign, sign)
    there[dialect.delimiter] = ","
    back[","] = (dialect.delimiter, ",")
    if dialect.quote:
        there[dialect.quote] = '"'
        back['"'] = (dialect.quote, dialect.quote)
    return there, back


def _back(plain: str, back: dict[str, tuple[str, str]], *, text: bool = False) -> str:
    """Return the text in its own signs; a plain comma in a text is the delimiter, quoted."""
    if text:
        plain = plain.replace(",", "\ue020")
        back = {**back, "\ue020": (back[","][0],) * 2}
    return "".join(back.get(sign, (sign, sign))[text] for sign in plain)
