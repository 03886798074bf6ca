"""OpenLineage: what each collection and build did, told to others in their own words.

Keep out: doing it (flows), and where column lineage comes from (lineage.py).
"""
