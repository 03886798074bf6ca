import pytest

from catalog.entry import Item
from tests.ingestion.conform.cell import read_cell

TEXT = Item(name="name", title="名称", type="string")
CODE = Item(name="division", title="区划", type="code", codes="divisions")
JSON = Item(name="detail", title="详情", type="json")
TRUTH = Item(name="vacant", title="空置", type="boolean")


@pytest.mark.parametrize(
    ("text", "item", "expected"),
    [
        (" 贵阳　", TEXT, "贵阳"),
        ("\ufeffW1\u200b", TEXT, "W1"),
        ("W\u200b1", TEXT, "W\u200b1"),
        ("\u200b", TEXT, None),
        ("\ufeff520102", CODE, "520102"),
        ("Ａ座", TEXT, "Ａ座"),
        ("两\n行", TEXT, "两\n行"),
        ("　", TEXT, None),
        ("５２０１０２", CODE, "520102"),
        (" 520102", CODE, "520102"),
        ("男（性）", CODE, "男（性）"),
        ('{"a": [1, "]}"]}', JSON, '{"a": [1, "]}"]}'),
        (" [1.10, 1e4]　", JSON, "[1.10, 1e4]"),
        ("12345678901234567890123", JSON, "12345678901234567890123"),
        ("null", JSON, "null"),
        ('"贵阳"', JSON, '"贵阳"'),
        ("贵阳", JSON, None),
        ("[1}", JSON, None),
        ('{"a" 1}', JSON, None),
        ('{"a": 1} x', JSON, None),
        ("[NaN]", JSON, None),
        ("", JSON, None),
        ("是", TRUTH, True),
        ("否", TRUTH, False),
        ("TRUE", TRUTH, True),
        ("False", TRUTH, False),
        ("1", TRUTH, True),
        ("０", TRUTH, False),
        (" y ", TRUTH, True),
        ("N", TRUTH, False),
        ("2", TRUTH, None),
        ("有", TRUTH, None),
        ("", TRUTH, None),
    ],
)
def test_words_are_read_as_declared(text, item, expected):
    assert read_cell(text, item) is expected or read_cell(text, item) == expected
