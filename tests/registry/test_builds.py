from registry import builds
from registry.builds import Build, BuildOutcome
from tests.registry.facts import NOW


def test_the_last_attempt_takes_the_place_of_the_one_before(registry):
    failed = Build("base", "person", "in1", BuildOutcome.FAILED, "no such column", NOW)
    passed = Build("base", "person", "in2", BuildOutcome.RELEASED, "passed", NOW)
    for build in (failed, passed):
        builds.note(registry, build)
        assert builds.last(registry, "base", "person") == build


def test_models_never_built_have_no_attempt(registry):
    builds.note(registry, Build("base", "person", "in1", BuildOutcome.HELD, "row_count", NOW))
    assert builds.last(registry, "base", "household") is None
    assert set(builds.all_last(registry)) == {("base", "person")}
