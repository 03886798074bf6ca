"""Documents that describe themselves: JSON arrays, JSON lines, Parquet.

Keep out: declared types (conform).
"""
