import codecs
import random
import re

import numpy as np

from ingestion.utf8 import wrong_bytes

TEXTS = ["a", "é", "中", "𠮷"]
WRONG = ["80", "c0af", "eda080", "f4908080", "e4b8", "ff", "f0808080", "e08080"]
PIECES = [*(text.encode() for text in TEXTS), *(bytes.fromhex(wrong) for wrong in WRONG)]


def runs(data: bytes) -> int:
    """Return how many runs of bytes Python cannot decode."""
    codecs.register_error("tests.mark", lambda error: ("\x00", error.end))
    return len(re.findall("\x00+", data.decode("utf-8", "tests.mark")))


def test_runs_of_wrong_bytes_are_where_python_finds_none_that_decode():
    chance = random.Random(809)
    for _ in range(2000):
        data = b"".join(chance.choices(PIECES, k=chance.randint(0, 8)))
        wrong = wrong_bytes(np.frombuffer(data, np.uint8), 0, len(data)).tolist()
        assert len(wrong) == runs(data)
        pieces = [data[a:b] for a, b in zip([0, *wrong], [*wrong, len(data)], strict=True)]
        assert runs(pieces[0]) == 0
        assert all(runs(piece) == 1 for piece in pieces[1:])


def test_a_part_of_a_text_is_judged_by_itself():
    data = np.frombuffer(b"\xffab\xff", np.uint8)
    assert wrong_bytes(data, 1, 3).tolist() == []
    assert wrong_bytes(data, 0, 4).tolist() == [0, 3]


def test_more_wrong_bytes_than_room_are_all_found():
    data = np.frombuffer(b"\xff\n" * 5000, np.uint8)
    assert len(wrong_bytes(data, 0, 10_000)) == 5000


def test_a_flood_of_wrong_bytes_takes_no_room():
    assert wrong_bytes(np.full(5000, 0xFF, np.uint8), 0, 5000).tolist() == [0]
