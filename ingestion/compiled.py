"""The one door to numba: loops over bytes that no columnar library offers, compiled and cached.

Import it (and what uses it) inside functions: numba costs 0.6 s. Keep out: the loops themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop over arrays to machine code that runs without the interpreter's lock."""
    return cast(Loop, numba.njit(cache=True, nogil=True)(loop))
