"""Delimited text (CSV, TSV): an exact scanner, and a fast lane for the records that it finds good.

The scanner says which records are malformed and how many there are; the lane reads the rest.
Keep out: declared types (conform) and other formats.
"""
