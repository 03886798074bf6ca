"""The entries that a catalog held before: by its git history.

Keep out: what an ended entry needs (validate.py, retirement.py).
"""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

from catalog.problem import CatalogError, Problem


def names_since(folder: Path, revision: str) -> frozenset[str]:
    """Return the names of the entries that a folder held at a git revision, by their files."""
    listed = subprocess.run(  # noqa: S603 - the words are ours, the revision is one argument
        ("git", "ls-tree", "-r", "--name-only", "--end-of-options", revision, "--", "."),  # noqa: S607
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        said = " ".join(listed.stderr.split()) or "git failed"
        message = f"its entries at git revision '{revision}' cannot be listed ({said})"
        raise CatalogError([Problem(folder, 1, "", message)])
    files = (PurePosixPath(line.strip('"')) for line in listed.stdout.splitlines())
    return frozenset(file.stem for file in files if file.suffix == ".yaml")
