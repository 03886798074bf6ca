"""Conforming: text as delivered becomes the declared types, or null where it is not of them.

Never guessed and never rounded. Keep out: files, and judging values that do have their type.
"""
