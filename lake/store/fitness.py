"""Whether an S3 store can be trusted with concurrent commits, found out by trying.

A store that ignores `If-None-Match: *` loses commits silently (23 of 60, measured), and what
it says of itself in its headers misleads. Keep out: what to do about it (tables).
"""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Literal

from minio import Minio
from minio.error import S3Error

from lake.errors import LakeError
from lake.store.bucket import s3_client, split_url, told
from lake.store.place import S3Credentials

RACERS = 4
ROUNDS = 5
CREATE_ONLY = {"If-None-Match": "*"}


@dataclass(frozen=True)
class Fitness:
    """What a store is good for: concurrent writers, one at a time, or none."""

    verdict: Literal["safe", "serialize", "refuse"]
    why: str


@dataclass(frozen=True)
class _Trial:
    client: Minio
    bucket: str
    prefix: str

    def put(self, name: str, body: bytes, headers: dict[str, str]) -> int:
        # put_object has no headers, and metadata={"If-None-Match": "*"} is silently unconditional.
        typed: dict[str, str | list[str] | tuple[str]] = {
            "Content-Type": "application/octet-stream",
            **headers,
        }
        key = f"{self.prefix}{name}"
        try:
            answer = self.client._execute("PUT", self.bucket, key, body=body, headers=typed)
        except S3Error as error:
            if error.response is None:
                raise
            return int(error.response.status)
        return int(answer.status)

    def get(self, name: str, offset: int = 0, length: int = 0) -> bytes:
        answer = self.client.get_object(
            self.bucket, f"{self.prefix}{name}", offset=offset, length=length
        )
        try:
            return bytes(answer.data)
        finally:
            answer.release_conn()

    def names(self) -> list[str]:
        found = self.client.list_objects(self.bucket, self.prefix, recursive=True)
        return [item.object_name for item in found]


def probe(url: str, credentials: S3Credentials, *, budget: float = 6.0) -> Fitness:
    """Try a store's promises under a key of its own; at most `budget` seconds of racing."""
    bucket, prefix = split_url(url)
    key = f"{prefix}/_probe/{uuid.uuid4().hex}/".lstrip("/")
    trial = _Trial(s3_client(credentials, connections=RACERS), bucket, key)
    try:
        with told(url):
            return _judge(trial, time.monotonic() + budget)
    except LakeError as error:
        return Fitness("refuse", str(error))


def _judge(trial: _Trial, deadline: float) -> Fitness:
    try:
        broken = _basics(trial)
        if broken:
            return Fitness("refuse", broken)
        unsafe = _create_only(trial) or _race(trial, deadline)
    finally:
        for name in trial.names():
            trial.client.remove_object(trial.bucket, name)
    if trial.names():
        return Fitness("refuse", "a deleted object is still listed")
    if unsafe:
        return Fitness("serialize", unsafe)
    return Fitness("safe", "conditional creates have exactly one winner")


def _basics(trial: _Trial) -> str | None:
    if trial.put("basic", b"0123456789", {}) != 200:
        return "objects cannot be written"
    if trial.get("basic") != b"0123456789":
        return "an object does not read back as written"
    if trial.get("basic", offset=2, length=5) != b"23456":
        return "range reads do not work"
    if [name.rpartition("/")[2] for name in trial.names()] != ["basic"]:
        return "a listing does not show what was just written"
    return None


def _create_only(trial: _Trial) -> str | None:
    first = trial.put("once", b"first", CREATE_ONLY)
    second = trial.put("once", b"second", CREATE_ONLY)
    if first != 200:
        return f"a conditional create is answered with {first}"
    if second != 412 or trial.get("once") != b"first":
        return "the store ignores If-None-Match: two writers would lose commits silently"
    return None


def _race(trial: _Trial, deadline: float) -> str | None:
    with ThreadPoolExecutor(RACERS) as pool:
        for number in range(ROUNDS):
            barrier = Barrier(RACERS)
            name = f"race{number}"

            def run(racer: int, name: str = name, barrier: Barrier = barrier) -> int:
                barrier.wait()
                return trial.put(name, _body(racer), CREATE_ONLY)

            answers = list(pool.map(run, range(RACERS)))
            winners = [racer for racer, status in enumerate(answers) if status == 200]
            # No winner means that an answer was lost on the way, which loses no commit.
            possible = [_body(racer) for racer in winners or range(RACERS)]
            if len(winners) > 1 or trial.get(name) not in possible:
                return f"of {RACERS} racing creates {len(winners)} were acknowledged"
            if time.monotonic() > deadline:
                break
    return None


def _body(racer: int) -> bytes:
    return b"%03d" % racer * 500
