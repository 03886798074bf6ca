"""The key of digests: the deployment's own, or one that the home keeps."""

from pathlib import Path

from orchestration.city import City
from orchestration.settings import read_settings


def city(home: Path, **more: str) -> City:
    return City(read_settings({"CITYLAKE_HOME": str(home), **more}))


def test_a_home_keeps_the_key_that_it_made(tmp_path: Path) -> None:
    made = city(tmp_path).digest_key
    assert len(made) == 32
    assert city(tmp_path).digest_key == made
    assert city(tmp_path / "other").digest_key != made


def test_the_key_of_a_home_is_its_owners_alone(tmp_path: Path) -> None:
    city(tmp_path).digest_key  # noqa: B018 - it is made when asked for
    assert [path.name for path in tmp_path.iterdir()] == ["digest.key"]
    assert (tmp_path / "digest.key").stat().st_mode & 0o077 == 0


def test_a_deployment_that_names_its_secret_has_the_same_key_everywhere(tmp_path: Path) -> None:
    one = city(tmp_path / "a", CITYLAKE_SECRET_DIGEST="of the city")
    two = city(tmp_path / "b", CITYLAKE_SECRET_DIGEST="of the city")
    assert one.digest_key == two.digest_key
    assert not (tmp_path / "a").exists()
