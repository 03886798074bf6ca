"""A server of SFTP that stops in the middle: bounded in time, whatever it does then."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
import pytest

from catalog.sources import SftpSource
from ingestion.connectors.sftp import Secrets, sftp_folder
from ingestion.connectors.source import SourceRefused

SECONDS = 1.5  # that a fetch may take
SOURCE = SftpSource(secret="WHERE", host_key="HOST", folder="/", quiet_seconds=0)
BOUNDED = SOURCE.model_copy(update={"max_minutes": SECONDS / 60})


class Owner(asyncssh.SSHServer):
    """Lets everybody in."""

    def begin_auth(self, username: str) -> bool:
        return False


async def for_ever(*_: object) -> None:
    await asyncio.Event().wait()


@contextmanager
def serving(folder, seam: str) -> Iterator[Secrets]:
    """Serve a folder; what is asked of `seam` is never answered."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    kind = type("Silent", (asyncssh.SFTPServer,), {seam: for_ever})
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=Owner,
            server_host_keys=[key],
            sftp_factory=lambda channel: kind(channel, chroot=str(folder)),
        )

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        port = server.sockets[0].getsockname()[1]
        yield Secrets(f"sftp://user@127.0.0.1:{port}", key.export_public_key().decode())
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()


def take_all(who: Secrets, target: Path) -> None:
    with sftp_folder(BOUNDED, who) as folder:
        for file in folder.files():
            folder.take(file, target, charge=lambda _: None)


@pytest.mark.parametrize("seam", ["open", "read", "close", "stat"])
def test_a_server_that_does_not_go_on_is_cut_off(seam, tmp_path):
    (tmp_path / "meter_1.csv").write_bytes(b"x" * 1000)
    with serving(tmp_path, seam) as who, pytest.raises(SourceRefused) as said:
        take_all(who, tmp_path / "copy")
    assert said.value.kind == "too_slow"
