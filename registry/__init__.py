"""Where facts and acts live: deliveries, verdicts, releases, grants, crossings, audit events."""
