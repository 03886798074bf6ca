"""What goes wrong in linking.

Keep out: the words of an entry (catalog says what is wrong with them).
"""


class LinkageError(Exception):
    """Rows cannot be linked; the message says which table and what to do, never a value."""
