"""What the guides tell people to type exists as they type it."""

import re
import shlex

import pytest
import typer

from cli.main import app
from tests.house.project import ROOT, guides

WRITTEN = re.compile(r"(?:^|`)(citylake [^`\n#]*)", re.MULTILINE)
ROOT_COMMAND = typer.main.get_command(app)


def commands(guide: str) -> set[str]:
    return {line.strip() for line in WRITTEN.findall((ROOT / guide).read_text("utf-8"))}


def unknown(line: str) -> list[str]:
    """Return the words of a command line that the command line does not know."""
    command = ROOT_COMMAND
    words = shlex.split(line)[1:]
    while words and hasattr(command, "commands"):
        word = words.pop(0)
        if word not in command.commands:
            return [word]
        command = command.commands[word]
    options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    return [word for word in words if word.startswith("--") and word not in options]


@pytest.mark.parametrize("guide", guides())
def test_every_command_of_a_guide_exists_with_its_options(guide):
    assert {line: unknown(line) for line in commands(guide) if unknown(line)} == {}


@pytest.mark.parametrize("guide", guides())
def test_every_make_command_of_a_guide_is_a_target(guide):
    text, makefile = ((ROOT / name).read_text("utf-8") for name in (guide, "Makefile"))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


def test_every_target_says_what_it_is_for():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    assert phony == re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
