"""The one door to numba: loops over bytes that no columnar library offers, compiled and cached.

Import it (and what uses it) inside functions: numba costs 0.6 s. Keep out: the loops themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])
ROOM = Path(__file__).parent
IMPORTED = re.compile(rf"^from {ROOM.name}\.([\w.]+) import", re.MULTILINE)


def compiled(loop: Loop) -> Loop:
    """Compile a loop over arrays to machine code that runs without the interpreter's lock."""
    made: Any = numba.njit(cache=True, nogil=True)(loop)
    # By itself numba looks at the loop's own file, and calls what another was before it changed.
    if (kept := getattr(made._cache, "_cache_file", None)) is not None:
        kept._source_stamp = stamp(loop.__module__.removeprefix(f"{ROOM.name}."))
    return cast(Loop, made)


@cache
def stamp(module: str) -> str:
    """Return a digest of a module of this room and of all that it imports from here."""
    left, seen = [module], dict[str, str]()
    while left:
        if (name := left.pop()) not in seen:
            path = ROOM.joinpath(*name.split("."))
            file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            seen[name] = file.read_text(encoding="utf-8")
            left += IMPORTED.findall(seen[name])
    return hashlib.sha256(repr(sorted(seen.items())).encode()).hexdigest()
