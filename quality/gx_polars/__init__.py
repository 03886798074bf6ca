"""Great Expectations on Polars lazy frames: engine, metrics and datasource, one pass a suite.

A package by itself: `setup.register()` teaches Great Expectations, `frame.GateFrame` carries rows.
Keep out: anything of citylake.
"""
