"""`citylake docs`: the Data Docs site of all verdicts: written whole, or served as it is asked."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit, plainly, say

app = typer.Typer(help="Data Docs: every verdict as a page.", no_args_is_help=True)
PORT = typer.Option(3001, "--port", help="Port on 127.0.0.1.", min=1, max=65_535)


@app.command()
def build(as_json: bool = JSON_OPTION) -> None:
    """Write the whole site under CITYLAKE_HOME/reports/data-docs; it opens without a network.

    Example: citylake docs build
    """
    from orchestration.city import open_city
    from orchestration.flows.data_docs import build_docs

    with plainly():
        city = open_city(probe=False)
        rendered = build_docs(city)
    if as_json:
        emit({"site": str(city.settings.data_docs / "index.html"), "rendered": rendered})
    else:
        say(f"质检报告: {city.settings.data_docs / 'index.html'} ({rendered} pages rendered)")


@app.command()
def serve(port: int = PORT, as_json: bool = JSON_OPTION) -> None:
    """Serve the site on this machine; pages are rendered when they are asked for.

    Example: citylake docs serve --port 3001
    """
    from orchestration.city import open_city
    from orchestration.docs_server import server

    with plainly():
        city = open_city(probe=False)
        found = server(city, port)
    address = f"http://127.0.0.1:{found.server_port}"
    if as_json:
        emit({"site": address})
    else:
        say(f"质检报告: {address}")
    try:
        found.serve_forever()
    except KeyboardInterrupt:
        found.server_close()
