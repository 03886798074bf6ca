"""That tests of one group share a worker: what they share is made once."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("house")
@pytest.mark.parametrize("number", [1, 2])
def test_the_scheduler_knows_the_group_of_a_test(request, number):
    grouped = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@house") == grouped, number
