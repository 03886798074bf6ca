"""Help is enough to work from: what a command does, and a line to begin with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from cli.main import app
from tests.cli.door import citylake


def commands(group: Any, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *names, name)
        else:
            yield (*names, name), command


COMMANDS = dict(commands(typer.main.get_command(app)))
IDS = [" ".join(words) for words in COMMANDS]


def test_every_command_of_the_first_version_is_there() -> None:
    nouns = {
        *("run", "demo", "deliver", "gate", "status", "query", "trace", "lake verify"),
        *("quarantine list", "quarantine show", "audit verify", "audit show"),
        *("catalog validate", "catalog render", "catalog list", "catalog show", "catalog new"),
    }
    assert nouns <= set(IDS)


@pytest.mark.parametrize("words", COMMANDS, ids=IDS)
def test_help_says_what_a_command_does_and_shows_a_line_to_type(words, tmp_path) -> None:
    said = citylake(*words, "--help", home=tmp_path)
    assert (said.code, said.err) == (0, "")
    text = COMMANDS[words].help
    assert text.split("\n")[0].endswith((".", ").")), text
    lines = re.findall(rf"citylake {' '.join(words)}.*", text)
    assert lines, f"no example in the help of {words}"
    options = {name for p in COMMANDS[words].params for name in (*p.opts, *p.secondary_opts)}
    for line in lines:
        typed = shlex.split(line.partition(",")[0] if '"' not in line else line)
        assert {word for word in typed if word.startswith("--")} <= options, line


@pytest.mark.parametrize("words", COMMANDS, ids=IDS)
def test_every_option_and_argument_says_what_it_is(words) -> None:
    silent = [p.name for p in COMMANDS[words].params if not p.help and p.name != "help"]
    assert silent == []
    assert "--json" in {name for p in COMMANDS[words].params for name in p.opts}


@pytest.mark.parametrize("words", [(), ("catalog",), ("quarantine",), ("audit",), ("lake",)])
def test_saying_nothing_more_shows_the_help(words, tmp_path) -> None:
    said = citylake(*words, home=tmp_path)
    assert (said.code, said.err) == (2, "")
    assert "Usage: citylake" in said.out
