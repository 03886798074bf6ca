"""A sample file of something not in the catalog yet: its text and how it seems to be written.

Used to propose an entry; a delivery is never read by guessing. Keep out: types and meanings.
"""
