"""Crossings: share (共享), backflow (回流), open (开放), license (授权运营).

One decision for all of them, the package that leaves, and the chain of audit events.
Keep out: where rows lie (lake), where events are kept (registry).
"""
