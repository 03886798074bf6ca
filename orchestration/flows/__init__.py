"""Functions over the rooms below: collect, build, deliver, verify, trace."""
