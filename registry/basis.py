"""What deliveries were judged by: entry and vocabulary as they were, kept once by their digest.

Keep out: what the texts mean (orchestration) and the verdicts themselves (verdicts.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry.basis_tables import catalog_texts, judged_by
from registry.error import RegistryError
from registry.schema import Registry
from registry.tables import deliveries


@dataclass(frozen=True)
class Digests:
    """The digests of the two texts by which a delivery was judged."""

    entry: str
    vocabulary: str


def keep(
    registry: Registry, delivery: str, *, entry: str, vocabulary: str, at: dt.datetime
) -> None:
    """Write down by what a delivery was judged; the last judgement counts."""
    with registry.write() as connection:
        digests = _keep(connection, (entry, vocabulary), at)
        values = {"delivery_id": delivery, "entry": digests[0], "vocabulary": digests[1]}
        same = judged_by.c.delivery_id == delivery
        changed = connection.execute(sa.update(judged_by).where(same).values(values))
        if not changed.rowcount:
            connection.execute(sa.insert(judged_by).values(values))


def of_resource(registry: Registry, resource: str) -> dict[str, Digests]:
    """Return by what the deliveries of a resource were judged, by id, the oldest first."""
    query = (
        sa.select(judged_by)
        .join(deliveries, deliveries.c.id == judged_by.c.delivery_id)
        .where(deliveries.c.resource == resource)
        .order_by(deliveries.c.sequence)
    )
    with registry.read() as connection:
        rows = connection.execute(query).all()
    return {row.delivery_id: Digests(row.entry, row.vocabulary) for row in rows}


def digests(entry: str, vocabulary: str) -> Digests:
    """Return the digests by which two texts are kept."""
    return Digests(*(hashlib.sha256(said.encode()).hexdigest() for said in (entry, vocabulary)))


def text(registry: Registry, digest: str) -> str:
    """Return a text that was kept; RegistryError when it is not as it was."""
    query = sa.select(catalog_texts.c.text).where(catalog_texts.c.digest == digest)
    with registry.read() as connection:
        kept = connection.execute(query).scalar()
    found = b"" if kept is None else zlib.decompress(kept)
    if hashlib.sha256(found).hexdigest() != digest:
        raise RegistryError(f"catalog text {digest[:12]} is lost or changed: restore the registry")
    return found.decode()


def _keep(connection: sa.Connection, contents: Sequence[str], at: dt.datetime) -> list[str]:
    """Keep texts that are not there yet; return their digests."""
    texts = {hashlib.sha256(data).hexdigest(): data for data in map(str.encode, contents)}
    known = sa.select(catalog_texts.c.digest).where(catalog_texts.c.digest.in_(texts))
    there: set[str] = set(connection.execute(known).scalars())
    for digest in texts.keys() - there:
        values = {"digest": digest, "text": zlib.compress(texts[digest]), "kept_at": at}
        connection.execute(sa.insert(catalog_texts).values(values))
    return list(texts)
