import polars as pl
import pytest
from stdnum import luhn
from stdnum.cn import uscc

from demo.deliver.readings import ADDRESS, CHARGED, FALSE, write_readings

TITLES = ["水表编号", "抄表日期", "本次示数", "用水量", "抄表方式"]


def read(path, encoding="utf-8"):
    text = path.read_bytes().decode(encoding)
    return pl.read_csv(text.encode(), infer_schema=False)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_readings_are_as_many_as_asked_and_agree_day_by_day(tmp_path, encoding):
    path = tmp_path / "water_reading_20260301.csv"
    written = write_readings(path, rows=50_500, seed=3, encoding=encoding)
    frame = read(path, encoding)
    assert frame.columns == TITLES
    assert frame.height == written.rows == 50_500
    typed = frame.with_columns(pl.col("本次示数", "用水量").cast(pl.Decimal(10, 2)))
    step = typed.select(pl.col("本次示数").diff().over("水表编号") - pl.col("用水量"))
    assert set(step.to_series().drop_nulls()) == {0}
    assert written.damaged == 0


def test_readings_are_the_same_for_the_same_seed(tmp_path):
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path in paths:
        write_readings(path, rows=5_000, seed=9, damaged=0.01)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_damaged_readings_are_counted_and_leave_the_others_agreeing(tmp_path):
    path = tmp_path / "damaged.csv"
    written = write_readings(path, rows=20_000, seed=4, damaged=0.02)
    lines = path.read_text("utf-8").splitlines()[1:]
    good = [line for line in lines if line.endswith((",remote", ",manual"))]
    assert len(lines) == 20_000
    assert len(lines) - len(good) == written.damaged > 300
    frame = pl.DataFrame([line.split(",") for line in good], schema=TITLES, orient="row")
    typed = frame.with_columns(pl.col("本次示数", "用水量").cast(pl.Decimal(10, 2)))
    step = typed.select(pl.col("本次示数").diff().over("水表编号") - pl.col("用水量"))
    assert set(step.to_series().drop_nulls()) == {0}


def test_accounts_cover_the_meters_of_the_readings(tmp_path):
    path, accounts = tmp_path / "readings.csv", tmp_path / "accounts.csv"
    written = write_readings(path, rows=4_000, seed=5, accounts=accounts)
    meters = set(read(path)["水表编号"])
    assert len(meters) == written.meters
    assert meters == set(read(accounts)["水表编号"])
    assert all(luhn.is_valid(meter[1:]) for meter in meters)


def test_charged_readings_name_a_payer_and_split_the_use_into_tiers(tmp_path):
    path = tmp_path / "charged.csv"
    written = write_readings(path, rows=4_000, seed=6, damaged=0.02, charged=True)
    frame = read(path)
    assert frame.columns == [*TITLES, *CHARGED.values()]
    assert frame.height == 4_000
    assert frame.filter(pl.col("抄表方式").is_in(FALSE)).height == written.damaged > 40
    typed = frame.with_columns(pl.col("用水量", "^第.阶梯用量$").cast(pl.Decimal(10, 2)))
    parts = pl.col("第一阶梯用量") + pl.col("第二阶梯用量")
    assert typed.filter(parts != pl.col("用水量")).is_empty()
    assert all(uscc.is_valid(code) for code in set(frame["付费单位统一社会信用代码"]))


def test_addressed_readings_have_chinese_text_in_each_record(tmp_path):
    path = tmp_path / "addressed.csv"
    write_readings(path, rows=2_000, seed=7, encoding="gb18030", addressed=True)
    frame = read(path, "gb18030")
    assert frame.columns == [*TITLES, ADDRESS]
    assert frame[ADDRESS].str.contains("^贵阳市.{5,9}[0-9]+号[0-9]+栋$").all()
