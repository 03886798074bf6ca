"""HOW it runs: flows over the rooms below, and the Dagster definitions that call them."""
