"""The one exception of this room: a value that no crossing may be made of.

Keep out: refusals (a `Decision` with its reason is a value, not an error).
"""


class SharingError(Exception):
    """A grant, crossing or package that contradicts itself: the message says what to do."""
