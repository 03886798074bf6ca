"""When rows of each update cycle are due: schedules and freshness policies, from the entry.

Keep out: lateness of one delivery, in working days (supervision/timeliness.py).
"""

from __future__ import annotations

import datetime as dt

import dagster as dg

from catalog.entry import Cycle, Entry
from catalog.schema import CITY_ZONE

# A cycle and its grace of one tenth (domain.md section 8, ours).
WINDOW_HOURS: dict[Cycle, float] = {
    "realtime": 1.1,
    "daily": 26.4,
    "weekly": 24 * 7.7,
    "monthly": 24 * 34,
    "quarterly": 24 * 101,
    "yearly": 24 * 402,
}
CRON: dict[Cycle, str] = {
    "realtime": "*/5 * * * *",
    "daily": "15 6 * * *",
    "weekly": "30 6 * * 1",
    "monthly": "45 6 2 * *",
    "quarterly": "0 7 3 1,4,7,10 *",
    "yearly": "0 7 5 1 *",
}


def freshness_policy(entry: Entry) -> dg.FreshnessPolicy | None:
    """Return the policy of an entry's table; irregular tables are never late."""
    hours = WINDOW_HOURS.get(entry.update.cycle)
    if hours is None:
        return None
    return dg.FreshnessPolicy.time_window(fail_window=dt.timedelta(hours=hours))


def schedules(cycles: set[Cycle]) -> list[dg.ScheduleDefinition]:
    """Return one schedule for each update cycle that is in use."""
    return [
        dg.ScheduleDefinition(
            name=f"{cycle}_collection",
            job=dg.define_asset_job(
                f"{cycle}_job",
                selection=dg.AssetSelection.tag("cycle", cycle).downstream(),
                executor_def=dg.in_process_executor,
            ),
            cron_schedule=CRON[cycle],
            execution_timezone=CITY_ZONE,
            default_status=dg.DefaultScheduleStatus.STOPPED,
        )
        for cycle in CRON
        if cycle in cycles
    ]
