"""Ratios against named rivals: `python -m tests.bench NAME [--rows N] --json`, `make bench`.

Ours and the rival run in turn, each in a process of its own, on the same file.
"""
