"""The package lifted out: it imports and judges with nothing of citylake beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[3] / "quality" / "gx_polars"
PROGRAM = """
import sys
import great_expectations as gx
import polars as pl
import great_expectations.expectations as gxe
from quality.gx_polars.setup import register

register()
context = gx.get_context(mode="ephemeral")
source = context.data_sources.add_polars("polars")
batch = source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")
suite = context.suites.add(gx.ExpectationSuite(name="s", expectations=[
    gxe.ExpectColumnValuesToBeBetween(column="a", max_value=2, description="甲不大于二"),
    gxe.ExpectColumnValuesToBeUnique(column="a"),
]))
definition = gx.ValidationDefinition(name="v", data=batch, suite=suite)
definition = context.validation_definitions.add(definition)
checkpoint = context.checkpoints.add(gx.Checkpoint(
    name="c", validation_definitions=[definition],
    actions=[gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=["site"])],
)) if context.add_data_docs_site("site", {
    "class_name": "SiteBuilder",
    "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": sys.argv[1]},
}) is None else None
result = checkpoint.run(batch_parameters={"dataframe": pl.LazyFrame({"a": [1, 2, 2, 9]})})
(run,) = result.run_results.values()
print(sorted((r.expectation_config.type, r.result["unexpected_count"]) for r in run.results))
own = {"catalog", "ingestion", "lake", "registry", "sharing", "supervision", "orchestration"}
print(sorted(own & set(sys.modules)))
"""


def test_the_package_by_itself_judges_a_frame_and_writes_data_docs(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "lib" / "quality" / "gx_polars")
    (tmp_path / "lib" / "quality" / "__init__.py").touch()
    words = {**os.environ, "PYTHONPATH": str(tmp_path / "lib"), "GX_ANALYTICS_ENABLED": "false"}
    docs = tmp_path / "docs"
    run = subprocess.run(
        [sys.executable, "-S", "-c", _isolated(tmp_path / "lib"), str(docs)],
        check=False, capture_output=True, text=True, env=words, cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    counts, strangers = run.stdout.strip().splitlines()[-2:]
    assert counts == (
        "[('expect_column_values_to_be_between', 1), ('expect_column_values_to_be_unique', 2)]"
    )
    assert strangers == "[]"
    pages = [path.read_text(encoding="utf-8") for path in docs.rglob("*.html")]
    assert any("甲不大于二" in page for page in pages)


def _isolated(lib: Path) -> str:
    """Return the program with the installed packages, but not this checkout, on its path."""
    kept = [path for path in sys.path if path.endswith(("site-packages", "lib-dynload"))]
    return f"import sys; sys.path[1:1] = {[str(lib), *kept]!r}\n{PROGRAM}"
