"""Facts that the registry's tests write down."""

import datetime as dt

from ingestion.delivery import Account, Delivery, Status
from quality.verdict import RuleResult, Verdict
from registry.deliveries import Outcome

CITY = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2026, 3, 1, 8, tzinfo=CITY)


def delivery(id_: str = "d1", **changes: object) -> Delivery:
    values = {
        "id": id_,
        "resource": "water_reading",
        "file_name": f"{id_}.csv",
        "digest": "00ff",
        "size": 12,
        "received_at": NOW,
        "as_of": dt.date(2026, 3, 1),
    }
    return Delivery(**{**values, **changes})


def outcome(status: Status = Status.ACCEPTED, **changes: object) -> Outcome:
    accepted = 7 if status is Status.ACCEPTED else 0
    values = {"status": status, "account": Account(10, accepted, 9 - accepted, 1)}
    return Outcome(**{**values, **changes})


def verdict(subject: str = "base.person", **changes: object) -> Verdict:
    rule = RuleResult("null_key:id", "expect_x", "编号不为空", "2 行为空", 2, "quarantine", False)
    values = {
        "subject": subject,
        "passed": True,
        "reason": "passed",
        "rows": 10,
        "quarantined": 2,
        "repeats": 1,
        "rules": (rule,),
        "document": {"results": [{"success": True, "title": "人口"}] * 50},
    }
    return Verdict(**{**values, **changes})
