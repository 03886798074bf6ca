"""Connectors: where deliveries are found.

Keep out: reading what they hold.
"""
