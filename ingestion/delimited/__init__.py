"""Delimited text (CSV, TSV): an exact scanner beside the fast lane.

The scanner says which records are malformed and how many there are; Polars reads the rest.
Keep out: declared types (conform) and other formats.
"""
