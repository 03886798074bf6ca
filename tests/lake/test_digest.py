"""Digests under a key: the same in Python and in the SQL of models."""

import hashlib

import duckdb
import pytest

from lake.digest import define_digest, keyed_digest


@pytest.mark.parametrize("key", [b"", b"k", b"k" * 64, b"k" * 65], ids=len)
@pytest.mark.parametrize("said", ["", "52010219900101123X", "张三"])
def test_sql_and_python_digest_alike(key: bytes, said: str) -> None:
    connection = duckdb.connect()
    define_digest(connection, key)
    found = connection.execute("select keyed_digest(?)", [said]).fetchone()
    assert found == (keyed_digest(key, said),)


def test_null_has_no_digest() -> None:
    connection = duckdb.connect()
    define_digest(connection, b"k")
    assert connection.execute("select keyed_digest(null)").fetchone() == (None,)


def test_without_the_key_a_value_cannot_be_tried() -> None:
    said = "52010219900101123X"
    digests = {keyed_digest(b"one", said), keyed_digest(b"two", said)}
    assert len(digests) == 2
    assert hashlib.sha256(said.encode()).hexdigest() not in digests
