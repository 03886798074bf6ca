import multiprocessing
import os
import signal

from registry.belonging import holding, identity
from registry.schema import Registry
from tests.registry.processes import count_up, hold_for_ever

MANY = 25
SPAWN = multiprocessing.get_context("spawn")


def test_a_registry_keeps_the_name_that_it_gave_itself(url):
    with Registry(url) as registry:
        name = identity(registry)
        assert len(name) == 32
        assert identity(registry) == name
    with Registry(url) as again:
        assert identity(again) == name


def test_of_two_processes_one_at_a_time_holds_a_resource(url, tmp_path):
    Registry(url).close()
    (tmp_path / "count").write_text("0")
    both = [SPAWN.Process(target=count_up, args=(url, tmp_path / "count", MANY)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert (tmp_path / "count").read_text() == str(2 * MANY)


def test_a_resource_held_by_a_process_that_is_killed_is_free(url):
    with Registry(url) as registry:
        barrier = SPAWN.Barrier(2)
        process = SPAWN.Process(target=hold_for_ever, args=(url, barrier))
        process.start()
        barrier.wait()
        with holding(registry, "visit"):  # another one is free all the while
            pass
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        with holding(registry, "park"):
            assert process.exitcode == -signal.SIGKILL
