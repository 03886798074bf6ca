"""WHAT the data is: entries, vocabularies, the frozen model, validation and rendering.

Keep out: how data is collected, judged, stored or run. Nothing here touches a row.
"""
