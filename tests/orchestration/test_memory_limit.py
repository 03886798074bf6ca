"""How much memory a model may take: half of what there is for its process."""

import os

import pytest

from orchestration.memory import memory_limit

MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
ONE, TWO = "memory/{}/memory.limit_in_bytes", "{}/memory.max"


@pytest.mark.parametrize(
    ("groups", "said", "megabytes"),
    [
        ("0::/", {TWO.format("."): "3G"}, 1536),
        ("4:memory:/", {ONE.format("."): "3G"}, 1536),
        ("4:memory:/docker/a\n0::/", {ONE.format("."): "3G"}, 1536),
        ("1:cpu,memory:/job/7\n1:cpu:/", {ONE.format("job/7"): "3G", ONE.format("."): "9G"}, 1536),
        ("0::/city.slice/run.service", {TWO.format("city.slice/run.service"): "3G"}, 1536),
        ("0::/city.slice/run.service", {TWO.format("city.slice"): "3G"}, 1536),
        ("0::/city.slice", {TWO.format("other.slice"): "3G"}, MACHINE // 2),
        ("0::/", {TWO.format("."): "max"}, MACHINE // 2),
        ("0::/", {TWO.format("."): f"{MACHINE >> 9}G"}, MACHINE // 2),
        ("0::/", {TWO.format("."): "1G"}, 1024),
        (None, {}, MACHINE // 2),
    ],
    ids=[
        *("a_container", "an_old_one", "one_that_shows_the_way_outside"),
        *("a_job_in_a_group", "a_service", "the_group_around_it", "not_the_one_beside_it"),
        *("no_limit", "more_than_the_machine", "too_little", "no_groups"),
    ],
)
def test_a_model_takes_half_of_the_memory_that_its_process_may(groups, said, megabytes, tmp_path):
    own = tmp_path / "own"
    if groups is not None:
        own.write_text(groups, "utf-8")
    for name, limit in said.items():
        path = tmp_path / "control" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        size = int(limit[:-1]) << 30 if limit.endswith("G") else limit
        path.write_text(f"{size}\n", "ascii")
    assert memory_limit(own, tmp_path / "control") == f"{megabytes}MiB"
