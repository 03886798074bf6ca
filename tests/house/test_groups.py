"""That tests of one group share a worker: what they share is made once."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("house")
@pytest.mark.parametrize("number", [1, 2])
def test_the_scheduler_knows_the_group_of_a_test(request, number):
    is_worker = hasattr(request.config, "workerinput")
    assert request.node.nodeid.endswith("@house") == is_worker, number
