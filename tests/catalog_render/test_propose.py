import polars as pl
import pytest

from catalog.entry import Origin
from catalog.load import ENTRIES, load_catalog
from catalog.propose import propose
from catalog.render.entry_yaml import entry_yaml
from tests.catalog_render.entries import READING, catalog, entry

CSV = Origin(connector="files", format="csv", pattern="sample_*.csv")
CITY = catalog(entry(READING))
CITIZENS = [f"52010219900307{n:03d}X" for n in range(40)]
USCCS = [f"91520100MB99{n:05d}X" for n in range(40)]


def proposed(columns: dict[str, list[str | None]]):
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return propose(frame, name="sample", unit="guiyang_water", origin=CSV, catalog=CITY)


def only_item(values: list[str | None], title: str = "列"):
    return proposed({title: values}).entry.items[0]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2", "30"], "integer"),
        (["1,000", "２３", "7"], "integer"),
        (["1.5", "2", "3.25"], "decimal"),
        (["2026-03-01", "2026/3/2"], "date"),
        (["20260301", "20260302"], "date"),
        (["2026年3月1日", "2026年12月31日"], "date"),
        (["2026-03-01 12:00:00", "2026-03-01T13:00:00Z"], "datetime"),
        (["2026-03", "2026-04"], "month"),
        (["true", "false"], "boolean"),
        (["remote", "manual"], "code"),
        (["520102", "520103"], "code"),
        (["甲", "乙"] * 20, "code"),
        (["甲"] * 40, "string"),
        (["001", "002", "003"], "string"),
        (["1234567890123456789", "1"], "string"),
        (["甲1", "乙2", "丙3"], "string"),
        ([None, None], "string"),
        ([], "string"),
    ],
    ids=str,
)
def test_a_column_has_the_narrowest_type_of_nearly_all_values(values, kind):
    assert only_item(values).type == kind


def test_a_decimal_has_room_for_larger_values_and_keeps_its_decimals():
    assert only_item(["1.5", "-200.25"]).precision == (7, 2)


def test_texts_of_one_shape_get_its_pattern_and_others_none():
    codes = [f"W-{n:04}{'AB'[n % 2]}x" for n in range(40)]
    assert only_item(codes).pattern == r"^W\-\d{4}[A-Z]x$"
    assert only_item([*codes[:39], "W-1"]).pattern == r"^W\-\d{4}[A-Z]x$"
    assert only_item(codes[:20]).pattern is None
    assert only_item([f"{n}号楼" for n in range(40)]).pattern is None


def test_numbers_get_a_round_upper_bound_above_what_was_seen():
    assert (only_item(["1", "70"]).max, only_item(["0.5", "9"]).max) == (1000, 100)


def test_numbers_that_were_never_negative_get_a_lower_bound():
    assert (only_item(["1", "2"]).min, only_item(["1", "-2"]).min) == (0, None)


def test_numbers_of_things_stay_text():
    assert only_item(["5201", "5202"], "户号").type == "string"


def test_a_code_list_of_the_city_is_named():
    assert only_item(["520102", "520103"], "区划").codes == "divisions"


def test_tokens_for_nothing_are_declared_and_count_as_null():
    found = proposed({"数": ["1", "N/A", "3"]}).entry
    assert (found.origin.null_values, found.items[0].type) == (("N/A",), "integer")


@pytest.mark.parametrize(
    ("title", "values", "rule", "sensitivity"),
    [
        ("公民身份号码", CITIZENS, "citizen_id", "personal"),
        ("信用代码", USCCS, "uscc", "none"),
        ("联系", [f"138{n:08d}" for n in range(40)], "mobile", "personal"),
        ("姓名", ["张三", "李四"], None, "personal"),
        ("银行卡号", ["622200000000", "622200000001"], None, "sensitive_personal"),
    ],
)
def test_identifiers_and_personal_data_are_recognized(title, values, rule, sensitivity):
    found = proposed({title: values}).entry
    assert found.items[0].sensitivity == sensitivity
    assert [each.kind for each in found.quality.rules] == ([rule] if rule else [])


def test_personal_data_raise_the_level_and_close_the_opening():
    found = proposed({"姓名": ["张三", "李四"]}).entry
    assert (found.classification.level, found.opening.type) == (3, "none")


def test_titles_that_the_catalog_knows_name_the_columns():
    found = proposed({"水表编号": ["W1", "W2"], "Owner Name": ["a", "b"], "未见": ["x", "y"]}).entry
    assert [item.name for item in found.items] == ["meter_id", "owner_name", "column_3"]


def test_a_unit_is_read_from_the_title():
    assert only_item(["1.5", "2"], "用气量（m³）").unit == "m³"


def test_the_key_is_the_unique_number_of_a_thing():
    found = proposed(
        {"日期": ["2026-03-01", "2026-03-02"], "编号": ["A1", "A2"], "名": ["甲", "乙"]}
    )
    assert found.entry.key == ("number",)


def test_two_columns_are_the_key_where_none_is_unique_alone():
    found = proposed(
        {"表号": ["A", "A", "B"], "日": ["2026-03-01", "2026-03-02", "2026-03-01"], "量": ["1"] * 3}
    )
    assert found.entry.key == ("column_1", "day")


def test_a_count_or_a_time_that_happens_to_be_unique_is_no_key_beside_a_name_and_a_day():
    days = ["2026-03-01", "2026-03-02", "2026-03-01"]
    times = [f"2026-03-01 0{n}:00:00" for n in range(3)]
    found = proposed({"时间": times, "表号": ["A", "A", "B"], "日": days, "数": ["1", "2", "3"]})
    assert "column_2" in found.entry.key
    assert "column_4" not in found.entry.key


def test_a_sample_without_a_key_says_so():
    found = proposed({"甲": ["x", "x"], "乙": ["y", "y"]})
    assert len(found.entry.key) == 1
    assert any("主键" in note for note in found.notes)


def test_the_code_is_the_next_free_one_of_the_units_class():
    assert proposed({"甲": ["x"]}).entry.code == "314001002/000002"


def test_a_sample_without_columns_is_refused():
    with pytest.raises(ValueError, match="no columns"):
        proposed({})


@pytest.mark.parametrize(
    "columns",
    [
        {
            "公民身份号码": CITIZENS,
            "姓名": ["张三"] * 40,
            "金额（元）": [f"{n}.5" for n in range(40)],
        },
        {"": ["1", "2"], " ": ["a", "b"]},
        {"甲": []},
        {"a|b": ['"', "{"], "Yes": ["no", "null"]},
    ],
    ids=["persons", "blank titles", "no rows", "odd text"],
)
def test_a_proposal_is_valid_as_it_stands(columns, tmp_path):
    found = proposed(columns).entry
    folder = tmp_path / "entries" / "guiyang_water"
    folder.mkdir(parents=True)
    (folder / "sample.yaml").write_text(entry_yaml(found), encoding="utf-8")
    assert load_catalog(tmp_path / "entries").entry("sample") == found


def test_a_proposal_from_the_citys_own_catalog_is_free_of_clashes():
    city = load_catalog(ENTRIES)
    frame = pl.DataFrame({"统一社会信用代码": USCCS, "企业名称": USCCS})
    found = propose(frame, name="sample", unit="guiyang_tax", origin=CSV, catalog=city).entry
    assert found.code not in {each.code for each in city.entries.values()}
    assert [item.name for item in found.items] == ["uscc", "name"]
