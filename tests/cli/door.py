"""The command line as a person meets it: words in; exit code, output and errors out."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from cli.main import main

OURS = ("CITYLAKE_HOME", "CITYLAKE_CATALOG", "CITYLAKE_LAKE_URL", "CITYLAKE_REGISTRY_URL")
FOREIGN = ("DAGSTER_HOME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL")


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Return standard output as the one JSON document that it must be."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.document["rows"]


def citylake(*words: str | Path, home: Path, **environment: str | Path) -> Said:
    """Call the command in this process, in an environment of its own."""
    settings: Mapping[str, str | Path] = {"CITYLAKE_HOME": home, **environment}
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name in (*OURS, *FOREIGN):
            patch.delenv(name, raising=False)
        for name, value in settings.items():
            patch.setenv(name, str(value))
        patch.setattr(sys, "argv", ["citylake", *map(str, words)])
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
    return Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())
