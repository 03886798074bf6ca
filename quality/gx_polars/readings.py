"""What rules ask of two successive readings of a counter: it does not run back, usage agrees.

Keep out: finding the predecessor (settle.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quality.gx_polars.plan import Booleans, Floats, Steps

EXACT = 1e-6  # readings are decimals held as floats: differences carry noise far below this
SMALL = 0.1  # a turn of the counter by less than this share may be a rollover


@dataclass(frozen=True)
class Counter:
    """A counter that may start again at `rollover`, with a usage between direct neighbours.

    Readings are direct neighbours when their orders lie at most `step` apart; None: always.
    """

    rollover: float | None = None
    usage: str | None = None
    tolerance: float = 0.0
    step: int | None = None

    def runs_back(self, steps: Steps) -> Booleans:
        """Tell which readings are lower than the one before without a rollover.

        A drop is a rollover when what the counter turned equals the usage; where no usage
        can be compared, when it turned by less than a tenth of its range.
        """
        drop: Booleans = steps.value < steps.before
        if self.rollover is not None:
            places = np.flatnonzero(drop)  # few: a counter mostly runs on
            drop[places] = ~self._starts_again(steps.only(places), self.rollover)
        return drop

    def disagrees(self, steps: Steps) -> Booleans:
        """Tell which usages are not the difference to the direct neighbour before."""
        assert self.usage is not None
        comparable = self._comparable(steps, steps.extra[self.usage])
        return comparable & ~self._agrees(steps)

    def _starts_again(self, steps: Steps, rollover: float) -> Booleans:
        allowed: Booleans = self._turned(steps) < rollover * SMALL
        if self.usage is None:
            return allowed
        comparable = self._comparable(steps, steps.extra[self.usage])
        return np.where(comparable, self._agrees(steps), allowed)

    def _turned(self, steps: Steps) -> Floats:
        turned: Floats = steps.value - steps.before
        if self.rollover is None:
            return turned
        return np.where(turned < 0, turned + self.rollover, turned)

    def _agrees(self, steps: Steps) -> Booleans:
        assert self.usage is not None
        off = np.abs(self._turned(steps) - steps.extra[self.usage])
        agrees: Booleans = off <= self.tolerance + EXACT
        return agrees

    def _comparable(self, steps: Steps, usage: Floats) -> Booleans:
        known: Booleans = ~np.isnan(usage)
        return known if self.step is None else known & (steps.gap <= self.step)
