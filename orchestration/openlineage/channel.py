"""Where events go: always to a file a day, and to an HTTP endpoint when one is set.

An endpoint that fails costs one attempt a minute and never a run: the file has every event.
"""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.openlineage.event import Event, Json
from orchestration.settings import Settings

LOG = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds for one event
REST = 60.0  # seconds after a failure


@dataclass
class Channel:
    """The folder and the endpoint of one deployment."""

    folder: Path
    url: str | None = None
    key: str | None = field(default=None, repr=False)
    resting_until: float = 0.0

    def send(self, event: Event) -> None:
        """Write an event down and send it; what goes wrong is logged."""
        said = event.as_json()
        try:
            self._write(event, said)
        except OSError as error:
            LOG.warning("OpenLineage: %s: not written: %s", self.folder, error)
        if self.url is not None and time.monotonic() >= self.resting_until:
            self._post(self.url, said)

    def _write(self, event: Event, said: Json) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps(said, ensure_ascii=False).encode() + b"\n"
        path = self.folder / f"{event.at:%Y-%m-%d}.jsonl"
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, line)  # one write, so that lines of two processes never mix
        finally:
            os.close(handle)

    def _post(self, url: str, said: Json) -> None:
        import urllib3  # 0.1 s that a deployment without an endpoint need not pay

        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            answer = urllib3.request(
                "POST",
                f"{url.rstrip('/')}/api/v1/lineage",
                body=json.dumps(said),
                headers=headers,
                timeout=PATIENCE,
                retries=False,
            )
            problem = None if answer.status < 400 else f"status {answer.status}"
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            problem = str(error)
        if problem is not None:
            self.resting_until = time.monotonic() + REST
            LOG.warning("OpenLineage: %s: not sent (%s); the file has it", url, problem)


def channel(settings: Settings) -> Channel:
    """Return the channel that the settings name."""
    folder = settings.reports / "openlineage"
    return Channel(folder, settings.openlineage_url, settings.openlineage_key)
