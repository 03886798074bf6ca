import pytest

from ingestion.levels import join_levels

KNOWN = {"指标", "数值", "单位", "男人数", "女人数"}


@pytest.mark.parametrize(
    ("levels", "titles"),
    [
        ([["指标", "数据", ""], ["", "数值", "单位"]], ["指标", "数值", "单位"]),
        ([["指标", "男", "女"], ["指标", "人数", "人数"]], ["指标", "男人数", "女人数"]),
        ([["统计表", "", ""], ["指标", "数值", "单位"]], ["指标", "数值", "单位"]),
        ([["指标"], ["", "数值"]], ["指标", "数值"]),
        ([["甲", "", "乙"], ["一", "二", "三"]], ["甲一", "甲二", "乙三"]),
    ],
)
def test_merged_cells_are_filled_and_levels_joined(levels, titles):
    assert join_levels(levels, KNOWN) == titles
