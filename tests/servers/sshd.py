"""A real OpenSSH server for tests, from the machine's packages (`make servers`).

It knows one user, by key and by password, who need not be one of the machine: nss_wrapper shows
it a passwd file of its own. Keep out: what is tested on it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from tests.servers.process import NOBODY, free_port, program, running, short_folder

USER, PASSWORD = "harvester", "geheim-4711"
SFTP = ("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server")
WRAPPERS = "/usr/lib/*/libnss_wrapper.so"


@dataclass(frozen=True)
class Sshd:
    """A server, who may log in, and the folder that files are dropped into."""

    port: int
    host_key: str
    user_key: str  # private, as text
    drops: Path

    def url(self, *, password: str | None = PASSWORD, user: str = USER) -> str:
        """Return the address, with a password or without."""
        login = user if password is None else f"{user}:{password}"
        return f"sftp://{login}@127.0.0.1:{self.port}"


@contextmanager
def sshd() -> Iterator[Sshd]:
    """Run a server; it and what was dropped are gone after the block."""
    # Logged in as root, nothing would ever be denied to us.
    root = os.geteuid() == 0
    who = pwd.getpwnam(NOBODY) if root else pwd.getpwuid(os.getuid())
    with short_folder("sshd") as folder:
        folder.chmod(0o755)
        keys = {name: asyncssh.generate_private_key("ssh-ed25519") for name in ("host", "user")}
        for name, key in keys.items():
            (folder / name).write_bytes(key.export_private_key())
            (folder / name).chmod(0o600)
        (folder / "authorized").write_bytes(keys["user"].export_public_key())
        drops = folder / "drops"
        drops.mkdir()
        if root:
            shutil.chown(drops, NOBODY)
        port = free_port()
        (folder / "config").write_text(_config(folder, port))
        _accounts(folder, who.pw_uid, who.pw_gid)
        if root:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd of root insists on it
        with running(
            [program("sshd"), "-D", "-e", "-f", folder / "config"],
            log=folder / "log",
            ready=lambda: _listens(port),
            environment=_wrapped(folder),
        ):
            yield Sshd(
                port,
                host_key=keys["host"].export_public_key().decode(),
                user_key=keys["user"].export_private_key().decode(),
                drops=drops,
            )


def _config(folder: Path, port: int) -> str:
    words = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "authorized",
        "PidFile": "none",
        "PermitRootLogin": "yes",
        "PasswordAuthentication": "yes",
        "KbdInteractiveAuthentication": "no",
        "UsePAM": "no",
        "StrictModes": "no",
        "MaxStartups": "100",
        "Subsystem": f"sftp {_found(*SFTP)}",
    }
    return "".join(f"{word} {value}\n" for word, value in words.items())


def _accounts(folder: Path, uid: int, gid: int) -> None:
    """Write the accounts that the server sees: ours, with the given numbers, and its own two."""
    hashed = subprocess.run(
        ["openssl", "passwd", "-6", PASSWORD], check=True, capture_output=True, text=True
    ).stdout.strip()
    (folder / "passwd").write_text(
        f"{USER}:x:{uid}:{gid}::{folder}:/bin/sh\n"
        "sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n"
        "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n"
    )
    (folder / "shadow").write_text(f"{USER}:{hashed}:20000:0:99999:7:::\nsshd:*:20000::::::\n")
    (folder / "group").write_text(f"{USER}:x:{gid}:\nnogroup:x:65534:\n")


def _wrapped(folder: Path) -> dict[str, str]:
    return {
        "LD_PRELOAD": str(next(Path("/").glob(WRAPPERS.lstrip("/")))),
        "NSS_WRAPPER_PASSWD": str(folder / "passwd"),
        "NSS_WRAPPER_SHADOW": str(folder / "shadow"),
        "NSS_WRAPPER_GROUP": str(folder / "group"),
    }


def _found(*paths: str) -> Path:
    return next(path for path in map(Path, paths) if path.exists())


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
