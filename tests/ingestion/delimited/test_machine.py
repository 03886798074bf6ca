import numpy as np
import pytest

from ingestion.delimited import marks
from ingestion.delimited.machine import Text, classes, record
from ingestion.delimited.marks import defects


def cut(data: bytes, width: int = 2, delimiter: str = ",", quote: str = '"'):
    """Return the first record's bytes, the bytes after it, and its marks."""
    text = Text(np.frombuffer(data, np.uint8), classes(delimiter, quote))
    end, after, found = record(text, 0, width)
    return data[:end], data[after:], found


@pytest.mark.parametrize(
    ("data", "first", "rest", "found"),
    [
        (b"a,b\nc", b"a,b", b"c", 0),
        (b"a,b\r\nc", b"a,b", b"c", 0),
        (b"a,b", b"a,b", b"", 0),
        (b"a,b\r", b"a,b", b"", 0),
        (b",\nc", b",", b"c", 0),
        (b"\nc", b"", b"c", marks.BLANK),
        (b"\r\nc", b"", b"c", marks.BLANK),
        (b"a\nc", b"a", b"c", marks.SHORT),
        (b"a,b,\nc", b"a,b,", b"c", marks.LONG),
        (b'"a\nb",c\nd', b'"a\nb",c', b"d", 0),
        (b'"a\r\nb",c\r\nd', b'"a\r\nb",c', b"d", 0),
        (b'"a""b",c\nd', b'"a""b",c', b"d", 0),
        (b'"","a,b"\nd', b'"","a,b"', b"d", 0),
        (b'a"b,c\nd', b'a"b,c', b"d", marks.BARE_QUOTE),
        (b'"a"b,c\nd', b'"a"b,c', b"d", marks.AFTER_QUOTE),
        (b'"a" ,c\nd', b'"a" ,c', b"d", marks.AFTER_QUOTE),
        (b'a,"b\nc,d\n', b'a,"b', b"c,d\n", marks.UNCLOSED),
        (b'a,"b\r\nc,d\n', b'a,"b', b"c,d\n", marks.UNCLOSED),
        (b'"a\nb","c"d\ne', b'"a', b'b","c"d\ne', marks.AFTER_QUOTE),
        (b'a,"b\nc\x00', b'a,"b', b"c\x00", marks.UNCLOSED),
        (b"a\rb,c\nd", b"a\rb,c", b"d", marks.LONE_CR),
        (b"a\x00,b\nc", b"a\x00,b", b"c", marks.CONTROL),
        (b"a\x7f,b\nc", b"a\x7f,b", b"c", marks.CONTROL),
        (b'"a\x1b",b\nc', b'"a\x1b",b', b"c", marks.CONTROL),
        (b"a\tb,c\nd", b"a\tb,c", b"d", 0),
    ],
)
def test_a_record_is_cut_and_marked(data, first, rest, found):
    assert cut(data) == (first, rest, found)


def test_a_tab_delimits_where_the_dialect_says_so():
    assert cut(b"a\tb\nc", delimiter="\t")[2] == 0


def test_without_a_quote_sign_quotes_are_text():
    assert cut(b'"a,b"\nc', quote="") == (b'"a,b"', b"c", 0)


def test_each_defect_is_named_once():
    every = marks.SHORT | marks.LONG | marks.CONTROL | marks.LONE_CR | marks.UNDECODABLE
    assert defects(every) == ["undecodable_bytes", "ragged", "embedded_junk"]
