"""A process that commits files as told, and dies or races where a test wants it to."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from lake.store import S3Credentials
from lake.tables import Lake, open_lake
from tests.lake.frames import SCHEMA

DIED = 70


def main() -> None:
    """Take orders, one JSON document a line: get ready, wait for a line, commit, answer."""
    while line := sys.stdin.readline():
        order = json.loads(line)
        lake = _open(order)
        if order["die"]:
            real = DeltaTable.create_write_transaction
            DeltaTable.create_write_transaction = _dying(real, order["die"])
        print("ready", flush=True)
        sys.stdin.readline()
        done = lake.commit(
            "raw",
            "reading",
            [Path(order["file"])],
            schema=SCHEMA,
            action=order["action"],
            metadata={},
            mode=order["mode"],
        )
        print(json.dumps(asdict(done)), flush=True)


def _open(order: dict[str, Any]) -> Lake:
    who = order["credentials"] and S3Credentials(**order["credentials"])
    return open_lake(
        order["url"],
        archive=order["archive"],
        scratch=Path(order["scratch"]),
        credentials=who,
        probe=False,
    )


def _dying(real: Callable[..., None], when: str) -> Callable[..., None]:
    """Return delta-rs's transaction with a death before or after it."""

    def transaction(*given: Any, **more: Any) -> None:
        if when == "after":
            real(*given, **more)
        os._exit(DIED)

    return transaction


if __name__ == "__main__":
    main()
