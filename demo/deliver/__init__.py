"""How units deliver the true city: as files of their formats, with planted defects.

Keep out: what is true (city/).
"""
