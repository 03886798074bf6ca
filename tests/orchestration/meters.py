"""A town of meters: readings arrive late, corrected, overlapping and withdrawn, in any order."""

from __future__ import annotations

import datetime as dt
import random
import re
from pathlib import Path

import polars as pl

from catalog.load import ENTRIES
from demo.city.identifiers import usccs
from orchestration.city import City
from orchestration.flows.build import Built, build
from orchestration.flows.collect import collect
from orchestration.flows.pins import pins
from orchestration.flows.warehouse import Task, run_model
from orchestration.graph import ancestors, read_models
from registry import releases
from tests.orchestration.town import NOW, town

CHAIN = ("daily_usage", "daily_usage_by_district")
BILLED = ("utility_bill", "energy_and_water_by_district")
DAILY = (*CHAIN, "city_daily")
# Only where a register has brought bodies: what refers to them is held before.
BODIES = ("address", "legal_entity", "utility_account")
BY_BODY = ("utility_bill", "energy_and_water_by_enterprise")
MONTHLY = (*BILLED, "enterprise_vitality", "livelihood_support_by_district")
HEADERS = {
    "water_reading": "水表编号,抄表日期,本次示数,用水量,抄表方式",
    "water_bill": "用水户号,账单月份,用水量,第一阶梯用量,第二阶梯用量,第三阶梯用量,金额,缴费日期",
}
ACCOUNT, ADDRESS = "water_account", "standard_address"
HEADERS[ACCOUNT] = (
    "用水户号,户名,户主证件号码,用水类别,水表编号,用水地址,地址编码,开户日期,销户日期"
)
HEADERS[ADDRESS] = (
    "地址编码,行政区划代码,街道代码,道路,门牌号,小区,楼栋,单元,户室,经度,纬度,地址状态"
)
FIRST = dt.date(2026, 1, 1)
RULES = re.compile(r"^quality:.*?(?=^sharing:)", re.MULTILINE | re.DOTALL)


def meter_town(folder: Path) -> City:
    """Return a city of the shipped catalog; readings and bills are judged by items alone."""
    city = town(folder, shipped=tuple(path.stem for path in ENTRIES.rglob("*.yaml")))
    for name in HEADERS:
        path = city.settings.catalog / f"{name}.yaml"
        text = path.read_text(encoding="utf-8").replace("gb18030", "utf-8")
        path.write_text(RULES.sub("", text), encoding="utf-8")
    return City(city.settings)


def read(city: City, name: str, *rows: tuple[int, int, int]) -> None:
    """Deliver readings (meter, day, usage); without any, withdraw what came under that name."""
    said = [
        f"W{meter:010},{FIRST + dt.timedelta(days=day)},{usage},{usage},remote"
        for meter, day, usage in rows
    ]
    _come(city, "water_reading", name, said)


def bill(city: City, name: str, *rows: tuple[int, str, int]) -> None:
    """Deliver bills (account, month, usage); without any, withdraw what came under that name."""
    said = [f"5201{who:08},{month},{usage},{usage},0,0,{usage},," for who, month, usage in rows]
    _come(city, "water_bill", name, [line[:-1] for line in said])


def settle(city: City, **holders: int | None) -> list[str]:
    """Register two bodies, and let them hold accounts (a1=0: the first's); return their codes."""
    codes = usccs(pl.Series(["520103", "520103"]), start=1).to_list()
    folder = city.settings.inbox / "enterprise_registration"
    folder.mkdir(parents=True)
    told = {
        "企业类型": "limited",
        "成立日期": "2020-01-01",
        "登记状态": "active",
        "行业代码": "C1411",
        "行政区划代码": "520103",
    }
    bodies = pl.DataFrame({"统一社会信用代码": codes, "企业名称": ["示例一", "示例二"]})
    bodies.with_columns(pl.lit(value).alias(title) for title, value in told.items()).write_ndjson(
        folder / "enterprise_registration_20260101.jsonl"
    )
    (done,) = collect(city, "enterprise_registration", now=NOW)
    assert done.outcome == "accepted", done.line
    lines = []
    for name, body in holders.items():
        who, holder = int(name[1:]), "" if body is None else codes[body]
        lines.append(f"5201{who:08},示例,{holder},commercial,W{who:010},示例路1号,,2020-01-01,")
    _come(city, ACCOUNT, "202601", lines)
    _come(city, ADDRESS, "202601", ["5" * 21 + ",520102,520102016,示例路,1号,,,,,,,in_use"])
    return codes


def _come(city: City, resource: str, name: str, lines: list[str]) -> None:
    folder = city.settings.inbox / resource
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{resource}_{name}{'.csv' if lines else '.withdrawal'}"
    path.write_text("\n".join((HEADERS[resource], *lines, "")), encoding="utf-8")
    done = [one.outcome for one in collect(city, resource, now=NOW)]
    assert done in (["accepted"], ["withdrawn"], ["repeat"]), done


def happen(city: City, dice: random.Random, standing: dict[str, int], step: int) -> str:
    """Let one thing happen to the readings, and say what; `standing` counts corrections."""
    what = dice.choice(["new", "new", "late", "overlap", "correct", "withdraw"])
    day = max(dice.randrange(-9, 40) if what == "late" else step + 5, 0)
    if what in ("correct", "withdraw") and standing:
        name = dice.choice(sorted(standing))
        if what == "withdraw":
            del standing[name]
            read(city, name)
            return f"{what} {name}"
        standing[name] += 1
        name += f".correction{standing[name]}"
        day = dice.randrange(45)
    else:
        name = f"{FIRST + dt.timedelta(days=day):%Y%m%d}_{step}"
        standing[name] = 0
    days = [day, dice.randrange(45)] if what in ("overlap", "correct") else [day]
    meters = dice.sample(range(1, 30), 12)
    keys = {(meter, dice.choice(days)) for meter in meters}
    read(city, name, *((meter, d, dice.randrange(1, 99)) for meter, d in sorted(keys)))
    return f"{what} {name}"


def build_chain(city: City, names: tuple[str, ...] = CHAIN) -> list[Built]:
    """Build the models over the readings as a run does."""
    models = read_models(city.catalog)
    return [build(city, models[name], now=NOW) for name in names]


def released(city: City, name: str) -> pl.DataFrame:
    """Return the released rows of a model in one order."""
    entry = city.entry(name)
    found = releases.released(city.registry, entry.zone, name)
    assert found is not None
    return city.lake.scan(entry.zone, name, found.release.version).collect().sort(entry.key)


def anew(city: City, name: str) -> pl.DataFrame:
    """Return the rows that a full rebuild gives, written over the table but not released."""
    entry = city.entry(name)
    readable = pins(city, ancestors(read_models(city.catalog), name))
    ran = run_model(city.lake, readable, Task(entry.zone, name, f"anew-{random.random()}"), key=b"")
    assert ran.error is None, ran.error
    return city.lake.scan(entry.zone, name, ran.version).collect().sort(entry.key)
