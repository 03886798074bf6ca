"""Where rows and bytes live: Delta tables by (zone, name, version), the commit, the store."""
