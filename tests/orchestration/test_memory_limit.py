"""How much memory a model may take: half of what there is."""

import os

import pytest

from orchestration.flows.warehouse import memory_limit

MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


@pytest.mark.parametrize(
    ("said", "megabytes"),
    [
        (f"{3 << 30}\n", 1536),
        ("max\n", MACHINE // 2),
        (f"{MACHINE << 21}\n", MACHINE // 2),
        (f"{1 << 30}\n", 1024),
        (None, MACHINE // 2),
    ],
    ids=["a_container", "no_limit", "more_than_the_machine", "too_little", "no_container"],
)
def test_a_model_takes_half_of_the_memory_of_the_container_it_runs_in(said, megabytes, tmp_path):
    container = tmp_path / "memory.max"
    if said is not None:
        container.write_text(said, "ascii")
    assert memory_limit([container]) == f"{megabytes}MiB"
