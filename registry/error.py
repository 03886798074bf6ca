"""The one exception of this room: an act that the registry refuses to write down.

Keep out: refusals that are facts (a refused delivery, a denied crossing): those are rows.
"""


class RegistryError(Exception):
    """A fact that would contradict what the registry holds: the message says what to do."""
