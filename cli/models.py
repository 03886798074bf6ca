"""`citylake models`: the models' documentation, and where their columns come from."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit, plainly, say

app = typer.Typer(help="Models: documentation with the origins of columns.", no_args_is_help=True)


@app.command()
def docs(as_json: bool = JSON_OPTION) -> None:
    """Write dbt's documentation with column lineage as one page that opens without a network.

    Example: citylake models docs
    """
    from orchestration.city import open_city
    from orchestration.flows.model_docs import build_model_docs

    with plainly():
        path = build_model_docs(open_city(probe=False))
    if as_json:
        emit({"page": str(path)})
    else:
        say(f"模型文档: {path}")
