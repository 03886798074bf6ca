"""Propose the entry of a sample file: read it as text, profile it, write YAML to be edited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from catalog.propose import propose
from catalog.render.entry_yaml import entry_yaml
from ingestion.sample import read_sample
from orchestration.city import City


@dataclass(frozen=True)
class Proposed:
    """A proposed entry on disk, and what its author should look at."""

    path: Path
    notes: tuple[str, ...]


def propose_entry(city: City, file: Path, *, name: str, unit: str, output: Path) -> Proposed:
    """Propose the entry of a sample file and write it to `<output>/<name>.yaml`."""
    sample = read_sample(file)
    proposal = propose(
        sample.frame, name=name, unit=unit, origin=sample.origin, catalog=city.catalog
    )
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"{name}.yaml"
    path.write_text(entry_yaml(proposal.entry), encoding="utf-8")
    return Proposed(path, proposal.notes)
