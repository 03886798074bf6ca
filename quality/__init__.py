"""The gate (治理): rows become a verdict, and which rows failed which rule.

Keep out: reading files, storing rows, deciding who may see them.
"""
