"""Entries of a few items, and rows that keep or break one of their rules."""

from __future__ import annotations

from tests.quality.water import candidate, entry, gate, reasons

KEY = {"name": "id", "title": "编号", "type": "string", "key": True}
KINDS = {
    "text": {"type": "string"},
    "whole": {"type": "integer"},
    "day": {"type": "date"},
    "month": {"type": "month"},
    "instant": {"type": "datetime"},
    "money": {"type": "decimal", "precision": (12, 2)},
}


def few(rules, key=("id",), **items):
    """Return an entry with these items (name: kind) after a key, and these rules."""
    rest = [
        {"name": n, "title": f"项{n}", "key": n in key, **KINDS[kind]} for n, kind in items.items()
    ]
    return entry([{**KEY, "key": "id" in key}, *rest], rules)


def refused(of, rows, folder, **more):
    """Gate rows (without their ids) and return why each was refused, by its place from 1."""
    numbered = [(f"i{n}", *row) for n, row in enumerate(rows)]
    frame = candidate(of, numbered)
    return reasons(gate(of, frame, folder, **more)[1])
