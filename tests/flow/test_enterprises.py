"""The published business register of Guizhou through the city, where its folder is given.

`ENTERPRISES=DIR pytest -m slow tests/flow/test_enterprises.py -s` prints a line a year. The data
(刘文, CC BY-NC-SA 4.0) is not part of this project.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from orchestration.flows.refused import show_refused
from orchestration.flows.verify import verify_lake
from tests.orchestration.town import take_in, town

ENTRY = """\
name: enterprise
code: "399000001/000001"
title: 企业登记
unit: guiyang_market_regulation
abstract: 一家企业一行。
classification: {level: 3, category: economy}
items:
  - {name: name, title: 企业名称, type: string, length: 200, required: true}
  - {name: uscc, title: 统一社会信用代码, type: string, length: 18, key: true}
  - {name: registered_on, title: 注册日期, type: date, required: true}
  - {name: type, title: 企业类型, type: string, length: 100}
  - {name: legal_representative, title: 法人代表, type: string, length: 100, sensitivity: personal}
  - {name: registered_capital, title: 注册资金, type: decimal, precision: [18, 6], unit: 万元}
  - {name: business_scope, title: 经营范围, type: string, length: 4000}
  - {name: province, title: 所在省份, type: string, values: [贵州], required: true}
  - {name: region, title: 地区, type: string, length: 40}
  - {name: address, title: 注册地址, type: string, length: 300}
origin: {connector: files, format: csv, null_values: ["N/A"], pattern: "guizhou_*.csv"}
update: {cycle: yearly, mode: append}
quality:
  max_quarantine: 100%
  rules:
    - {uscc: {item: uscc}}
sharing: {type: conditional, condition: 试读}
opening: {type: none, legal_basis: 试读}
"""
OTHER_MONEY = re.compile(r"[\d,.]*\s*\(?万(美元|香港元|港元|日元|新加坡元)?\)?")


@pytest.mark.slow
def test_every_row_of_the_business_register_is_in_its_place(tmp_path) -> None:
    files = sorted(Path(os.environ.get("ENTERPRISES", "no/such/folder")).glob("guizhou_*.csv"))
    assert files, "name the folder of guizhou_<year>.csv in ENTERPRISES"
    city = town(tmp_path, ENTRY)
    inbox = city.settings.inbox / "enterprise"
    inbox.mkdir(parents=True)
    for path in files:
        shutil.copy(path, inbox)
    collected = take_in(city, "enterprise")
    for one in collected:
        assert one.verdict is not None
        print(
            one.file_name,
            one.outcome,
            one.account,
            {r.rule: r.failed for r in one.verdict.rules if r.failed},
        )
    assert {one.outcome for one in collected} == {"accepted"}
    assert len(collected) == len(files)
    assert verify_lake(city).ok
    refused = show_refused(city, "enterprise", limit=10_000)
    assert len(refused) == sum(one.account.quarantined for one in collected if one.account)
    for row in refused:
        if row["rules"] == ["wrong_type:registered_capital"]:  # 万美元, 万日元, or 万 of what?
            assert OTHER_MONEY.fullmatch(row["注册资金"]), row["注册资金"]
