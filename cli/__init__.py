"""Command `citylake`: one file a noun."""
