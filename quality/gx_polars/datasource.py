"""The datasource: `context.data_sources.add_polars(name).add_dataframe_asset(name)`.

A batch is given at run time, as `batch_parameters={"dataframe": frame}`.
Keep out: evaluation.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import polars as pl
from great_expectations.core.batch import LegacyBatchDefinition
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.core.id_dict import IDDict
from great_expectations.datasource.fluent.batch_identifier_util import make_batch_identifier
from great_expectations.datasource.fluent.batch_request import BatchRequest
from great_expectations.datasource.fluent.interfaces import Batch, DataAsset, Datasource
from great_expectations.exceptions.exceptions import BuildBatchRequestError

from quality.gx_polars.engine import PolarsExecutionEngine
from quality.gx_polars.frame import GateFrame


class PolarsFrameAsset(DataAsset):  # type: ignore[type-arg]
    """A Polars frame given at run time, taken as one batch."""

    type: Literal["dataframe"] = "dataframe"

    def test_connection(self) -> None:
        """Find nothing to connect to."""

    def get_batch_parameters_keys(self, partitioner: object = None) -> tuple[str, ...]:
        """Return the name under which the frame is given."""
        return ("dataframe",)

    def build_batch_request(
        self,
        options: dict[str, Any] | None = None,
        batch_slice: object = None,
        partitioner: object = None,
    ) -> BatchRequest[Any]:
        """Ask for the batch that the frame is."""
        if batch_slice is not None or partitioner is not None:
            raise BuildBatchRequestError(message="a Polars frame has no slices, no partitioner")
        given = options or {}
        frame = given.get("dataframe")
        if not isinstance(frame, pl.LazyFrame | pl.DataFrame | GateFrame) or len(given) != 1:
            raise BuildBatchRequestError(message="give batch_parameters={'dataframe': <frame>}")
        return BatchRequest(
            datasource_name=self.datasource.name, data_asset_name=self.name, options=options
        )

    def _validate_batch_request(self, batch_request: BatchRequest[Any]) -> None: ...

    def get_batch_identifiers_list(self, batch_request: BatchRequest[Any]) -> list[dict[str, Any]]:
        """Return what identifies the one batch."""
        return [IDDict(batch_request.options)]

    def get_batch(self, batch_request: BatchRequest[Any]) -> Batch:
        """Return the batch."""
        spec = RuntimeDataBatchSpec(batch_data=batch_request.options["dataframe"])
        data, markers = self.datasource.get_execution_engine().get_batch_data_and_markers(spec)
        return Batch(
            datasource=self.datasource,
            data_asset=self,
            batch_request=batch_request,
            data=data,
            metadata=dict(self.batch_metadata or {}),
            batch_markers=markers,
            batch_spec=spec,
            batch_definition=LegacyBatchDefinition(
                datasource_name=self.datasource.name,
                data_connector_name="fluent",
                data_asset_name=self.name,
                batch_identifiers=make_batch_identifier(batch_request.options),
            ),
        )

    def add_batch_definition_whole_dataframe(self, name: str) -> Any:  # noqa: ANN401 - GX's own
        """Define the batch as the whole frame."""
        return self.add_batch_definition(name=name, partitioner=None)


class PolarsDatasource(Datasource):  # type: ignore[type-arg]
    """Polars frames as a datasource of Great Expectations."""

    asset_types: ClassVar[list[Any]] = [PolarsFrameAsset]
    type: Literal["polars"] = "polars"
    assets: list[PolarsFrameAsset] = []  # noqa: RUF012 - pydantic copies it

    @property
    def execution_engine_type(self) -> Any:  # noqa: ANN401 - `type` is a field here
        """Return the engine that evaluates its batches."""
        return PolarsExecutionEngine

    def test_connection(self, test_assets: bool = True) -> None:
        """Find nothing to connect to."""

    def add_dataframe_asset(self, name: str) -> PolarsFrameAsset:
        """Add an asset whose frame is given at run time."""
        asset: PolarsFrameAsset = self._add_asset(PolarsFrameAsset(name=name, batch_metadata={}))
        return asset
