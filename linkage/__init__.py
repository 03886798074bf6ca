"""Linking (关联): rows of two tables that are the same person or body, where no ID says so.

Functions of values: a DuckDB connection with the tables in it goes in, Parquet comes out; nothing
is looked up elsewhere. Keep out: what is linked with what (catalog), acts of people (registry).
"""
