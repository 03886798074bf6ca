"""Collection (归集): bytes as delivered become declared rows, every one accounted for.

Keep out: judging rows (quality), storing them (lake), remembering deliveries (registry).
"""
