"""Great Expectations on pandas, with those rules of the charged readings that it can express.

Not among them: check characters, sums, references, order in time, and splitting rows off.
"""

from __future__ import annotations

from pathlib import Path


def judge(source: Path) -> None:
    """Read the file by pandas and validate it."""
    import great_expectations as gx
    import pandas as pd
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.validation_definition import ValidationDefinition

    frame = pd.read_csv(source, parse_dates=["抄表日期", "缴费期限"])
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("frame")
    batch = asset.add_batch_definition_whole_dataframe("whole")
    suite = context.suites.add(ExpectationSuite("rules", expectations=_expectations(gx)))
    definition = ValidationDefinition(name="gate", data=batch, suite=suite)
    said = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "SUMMARY", "partial_unexpected_count": 0},
    )
    failed = [r for r in said.results if (r.exception_info or {}).get("raised_exception")]
    assert not failed, failed[0].exception_info


def _expectations(gx):
    e = gx.expectations
    numbers = ("本次示数", "用水量", "第一阶梯用量", "第二阶梯用量")
    return [
        *(e.ExpectColumnValuesToNotBeNull(column=c) for c in ("水表编号", "抄表日期", "本次示数")),
        *(e.ExpectColumnValuesToBeBetween(column=c, min_value=0, max_value=99999) for c in numbers),
        e.ExpectColumnValuesToBeInSet(column="抄表方式", value_set=["remote", "manual"]),
        e.ExpectColumnValuesToMatchRegex(column="水表编号", regex=r"^W\d{10}$"),
        e.ExpectColumnValueLengthsToBeBetween(column="付费单位统一社会信用代码", max_value=18),
        e.ExpectColumnPairValuesAToBeGreaterThanB(column_A="缴费期限", column_B="抄表日期"),
        e.ExpectCompoundColumnsToBeUnique(column_list=["水表编号", "抄表日期"]),
    ]  # fmt: skip
