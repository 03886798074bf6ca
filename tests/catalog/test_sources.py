"""What an entry says of where it is fetched from: the words, and never a secret's value."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.load import survey
from tests.catalog.entries import GOOD, write_entry

FILES = 'origin: {connector: files, format: csv, encoding: gb18030, pattern: "water_leak_*.csv"}'


def said(folder: Path, connector: str, words: str) -> list[str]:
    """Return what is wrong with the good entry when it is fetched so."""
    origin = f"origin: {{connector: {connector}, {connector}: {{{words}}}}}"
    write_entry(folder, GOOD.replace(FILES, origin))
    _, problems = survey(folder / "entries")
    return [f"{problem.line} {problem.field} {problem.message}" for problem in problems]


@pytest.mark.parametrize(
    ("connector", "words"),
    [
        ("sql", "secret: WATER_DB, table: public.leak, extract: full"),
        ("sql", "secret: A, query: select * from t, extract: incremental, cursor: found_on"),
        ("http", "secret: WATER_API, path: leaks, rows: data, extract: full, token: WATER_TOKEN"),
        ("http", "secret: A, extract: full, pages: {by: link, next: next}, rate: 2"),
    ],
)
def test_a_source_is_said_in_few_words(connector, words, tmp_path):
    assert said(tmp_path, connector, words) == []


@pytest.mark.parametrize(
    ("connector", "words", "line", "wrong"),
    [
        ("sql", "secret: A, extract: full", 14, "either table: <name> or query"),
        ("sql", "secret: A, table: t, extract: snapshot", 14, "goes with update mode: snapshot"),
        ("sql", "secret: A, table: t, extract: incremental", 14, "needs cursor: <item>"),
        ("sql", "secret: A, query: drop table t, extract: full", 14, "begins with select or with"),
        ("sql", "secret: A, query: select 1; drop table t, extract: full", 14, "one statement"),
        ("sql", "secret: A, table: t, extract: incremental, cursor: kind", 14, "kind is a code"),
        ("sql", "secret: A, table: t, extract: incremental, cursor: found", 14, "no item is named"),
        ("http", "secret: A, extract: full, pages: {by: token, param: p}", 14, "needs next"),
        ("http", "secret: A, extract: full, header: X-Key", 14, "header needs token"),
        ("sftp", "secret: A, folder: out", 14, "host_key"),
    ],
)
def test_words_that_do_not_go_together_are_named(connector, words, line, wrong, tmp_path):
    problems = said(tmp_path, connector, words)
    assert any(p.startswith(f"{line} ") and wrong in p for p in problems), problems


@pytest.mark.parametrize(
    ("connector", "words"),
    [
        ("sql", "secret: 'postgresql://u:geheim@host/db', table: t, extract: full"),
        ("http", "secret: A, token: geheim-token, extract: full"),
        ("sftp", "secret: A, host_key: 'ssh-ed25519 geheim', folder: out"),
        ("sftp", "secret: A, host_key: B, key: 'geheim\\nKEY', folder: out"),
        ("bucket", "secret: 'https://key:geheim@host/bucket'"),
    ],
)
def test_a_secret_written_into_an_entry_is_refused_and_not_repeated(connector, words, tmp_path):
    problems = said(tmp_path, connector, words)
    assert any("never the value" in problem for problem in problems), problems
    assert "geheim" not in "".join(problems)
