"""Real servers for tests, on loopback, each in a folder of its own, gone when its block ends.

Keep out: what is tested on them.
"""
