"""What the pass leaves in memory."""

from __future__ import annotations

import polars as pl

from quality.gx_polars.sinks import own_texts


def test_a_refused_row_does_not_hold_the_texts_of_all_rows():
    rows = pl.DataFrame({"name": [f"a text longer than twelve {n}" for n in range(10_000)]})
    refused = own_texts(rows.filter(pl.int_range(pl.len()) == 5_000))
    assert refused["name"].to_list() == ["a text longer than twelve 5000"]
    held = refused["name"].to_arrow(compat_level=pl.CompatLevel.newest()).buffers()[2:]
    assert sum(buffer.size for buffer in held) < 1_000
