"""Committed files know no machine and no registry host, and lead nowhere wrong."""

import re
from itertools import chain

import pytest

from tests.house.project import PYPROJECT, ROOT, guides, text_files

FORBIDDEN = {
    "a path of one machine": r"""(^|["' =(\[])/(?:home|root|work|Users|farm)/[a-z]""",
    "an address of a package index": r"index-ur[l]|find-link[s]|https?://[^ ]*/simple\b",
    "a private key": r"BEGIN [A-Z ]*PRIVATE KE[Y]",
}
BINARY = {".png", ".parquet", ".xlsx", ".jpg", ".duckdb", ".db"}


def texts():
    for path in text_files():
        if path.suffix not in BINARY:
            yield path, (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_holds(what):
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    assert [
        f"{path}: {found[0]}" for path, text in texts() if (found := pattern.search(text))
    ] == []


@pytest.mark.parametrize("guide", guides())
def test_every_link_of_a_guide_leads_to_a_file(guide):
    page = ROOT / guide
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_dependency_has_its_line_in_the_decisions():
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = [re.split(r"[<>=!\[; ]", line)[0] for line in wanted]
    decided = (ROOT / "docs" / "decisions" / "dependencies.md").read_text("utf-8")
    assert [name for name in names if f"| `{name}` |" not in decided] == []


def test_the_bootstrap_lock_pins_the_uv_of_the_lock():
    pins = [
        re.findall(r"^uv==\S+", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
        for lock in ("requirements.lock", "requirements-bootstrap.lock")
    ]
    assert pins[0] == pins[1] != []
