import pytest
from pydantic import ValidationError

from catalog.entry import Origin


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"delimiter": ",\n"}, "delimiter cannot hold a line end"),
        ({"quote": "\r"}, "quote cannot hold a line end"),
        ({"quote": ","}, "quote stands in the delimiter too"),
        ({"delimiter": '","'}, "quote stands in the delimiter too"),
        ({"delimiter": "\\,", "escape": "\\"}, "escape stands in the delimiter too"),
        ({"comment": '"x'}, "comment begins like the quote"),
        ({"comment": ","}, "comment begins like the quote"),
        ({"escape": "ab"}, "at most 1 character"),
        ({"tables": "second"}, "'all' or 'first'"),
    ],
)
def test_signs_that_cannot_be_told_apart_are_refused(words, said):
    with pytest.raises(ValidationError, match=said):
        Origin(connector="files", format="csv", **words)


def test_every_word_has_a_default_that_changes_nothing():
    origin = Origin(connector="files", format="csv")
    assert (origin.delimiter, origin.quote, origin.escape, origin.comment) == (",", '"', None, None)
    assert (origin.record_end, origin.header, origin.tables) == ("line", True, "all")
    assert (origin.skip_footer, origin.repair) == (0, False)
