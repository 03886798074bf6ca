"""The true city: people, places, enterprises, meters and events that agree with each other.

Keep out: files, encodings and defects (deliver/).
"""
