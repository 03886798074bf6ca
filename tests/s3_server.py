"""A real S3 server for tests: SeaweedFS on loopback, on disk, with credentials and conditions.

Keep out: what is tested on it.
"""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from minio.error import MinioException
from urllib3.exceptions import HTTPError

from lake.store import S3Credentials
from lake.store.bucket import s3_client

KEY, SECRET, BUCKET = "testkey", "testsecret123", "lake"
PATIENCE = 60  # seconds until the server must answer
SERVICES = ("s3", "master", "volume", "filer", "admin")


@dataclass(frozen=True)
class Server:
    """Where the store is and who may use it."""

    endpoint: str  # http://host:port
    key: str
    secret: str
    bucket: str

    @property
    def credentials(self) -> S3Credentials:
        """Return the credentials as the lake takes them."""
        return S3Credentials(self.endpoint, self.key, self.secret)


@contextmanager
def start(folder: Path) -> Iterator[Server]:
    """Run a store that keeps its data below a folder; ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    ports = _free_ports()
    identity = {
        "name": "it",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir(exist_ok=True)
    server = Server(f"http://127.0.0.1:{ports['s3']}", KEY, SECRET, BUCKET)
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "weed", *_arguments(folder, ports)],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
        try:
            _await(server, process, folder / "weed.log")
            yield server
        finally:
            process.kill()
            process.wait()


def _arguments(folder: Path, ports: dict[str, int]) -> list[str]:
    return [
        "mini",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        "-webdav=false",
        "-admin.ui=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.config={folder / 's3.json'}",
        "-s3.autoCreateBucket=false",
        f"-bucket={BUCKET}",
        *(f"-{service}.port={port}" for service, port in ports.items()),
    ]


def _free_ports() -> dict[str, int]:
    """Choose free ports below the ephemeral range; weed takes 10,000 above each for gRPC."""
    ports: dict[str, int] = {}
    with ExitStack() as held:
        while len(ports) < len(SERVICES):
            port = random.randint(10_000, 20_000)
            try:
                for taken in (port, port + 10_000):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", taken))
            except OSError:
                continue
            ports[SERVICES[len(ports)]] = port
    return ports


def _await(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the bucket is served: it is made a little after the port opens."""
    client = s3_client(server.credentials)
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if client.bucket_exists(server.bucket):
                return
        except (MinioException, HTTPError):
            pass
        time.sleep(0.05)
    raise RuntimeError(f"weed is not there: {log.read_text(errors='replace')[-2000:]}")
