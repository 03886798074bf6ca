"""`citylake demo`: let the demo city deliver into the inbox."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit, plainly, say

SIZE = typer.Option(
    "tiny", "--size", help="tiny (thousands of rows) | small | city (1 million residents)."
)
SEED = typer.Option(1, "--seed", help="The same seed makes the same bytes.")
DAYS = typer.Option(None, "--days", min=1, help="Days of readings; by default what the size says.")


def demo(
    size: str = SIZE, seed: int = SEED, days: int | None = DAYS, as_json: bool = JSON_OPTION
) -> None:
    """Let the demo city deliver: departments and utilities, with planted defects.

    Example: citylake demo --size small --seed 7
    """
    from catalog.load import load_catalog
    from demo.deliver.deliver import deliver
    from demo.size import SIZES
    from orchestration.settings import read_settings

    if size not in SIZES:
        raise typer.BadParameter(f"size {size}: use one of {', '.join(SIZES)}")
    with plainly():
        settings = read_settings()
        done = deliver(
            settings.home,
            load_catalog(),
            size=size,
            seed=seed,
            days=days,
            on_file=lambda _name, _rows: None,
        )
    about = {"size": size, "seed": seed, "files": done.files, "rows": done.rows}
    if as_json:
        emit(
            {
                **about,
                "inbox": str(settings.inbox),
                "truth": str(settings.home / "demo" / "truth.parquet"),
            }
        )
        return
    say(f"示例城市已交付: {done.files} files, {done.rows} rows in {settings.inbox}")
    say("planted defects are in demo/truth.parquet, which the pipeline never reads")
    say("next: citylake run")
