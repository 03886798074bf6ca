"""No two deliveries may hold one place at a time; a correction is not held to what it corrects."""

from __future__ import annotations

from pathlib import Path

from orchestration.flows.inbox import try_gate
from tests.orchestration.loop import LATER, holds, only
from tests.orchestration.readings import HEADER, LOG, lay_log
from tests.orchestration.town import take_in, town

ALONE = LOG[: LOG.index("    - {monotonic")] + "".join(
    line for line in LOG.splitlines(keepends=True) if "no_overlap" in line
) + LOG[LOG.index("sharing:") :]  # fmt: skip
A = "M1,2026-01-01,10,5,S1,A,2026-01-10"


def test_a_place_that_is_taken_is_refused_to_later_deliveries(tmp_path: Path) -> None:
    city = town(tmp_path, ALONE)
    lay_log(city, "park_202601.csv", A, "M2,2026-01-01,1,1,S2,B,")
    assert only(take_in(city)).account.quarantined == 0
    lay_log(city, "park_202602.csv", "M3,2026-01-05,1,1,S3,A,", "M3,2026-01-10,1,1,S4,A,")
    assert only(take_in(city)).account.quarantined == 1
    lay_log(
        city, "park_202601.correction1.csv", A.replace("01-10", "01-04"), "M2,2026-01-02,1,1,S2,B,"
    )
    corrected, again = take_in(city, now=LATER)
    assert corrected.account.quarantined == 0
    assert (again.file_name, again.outcome) == ("park_202602.csv", "judged_again")
    assert again.verdict.quarantined == 2, "both claim the place, which is free by now"
    file = tmp_path / "park_202603.csv"
    file.write_text(f"{HEADER}\nM4,2026-01-03,1,1,S5,A,2026-01-04\n", encoding="utf-8")
    assert try_gate(city, file, "park", now=LATER).quarantined == 1
    assert holds(city)
