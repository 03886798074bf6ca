"""HTTP connections that end when a fetch may take no longer, whatever the other side still says.

A read times out where nothing comes: a server that drips its headers could go on for ever.
Keep out: what is asked and how often (answers.py).
"""

from __future__ import annotations

import socket
import threading
import time

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection


def pool_until(ends: float, timeout: urllib3.Timeout) -> urllib3.PoolManager:
    """Return a pool whose connections are shut at a moment of the monotonic clock."""
    pool = urllib3.PoolManager(retries=False, timeout=timeout)
    kinds = {"http": urllib3.HTTPConnectionPool, "https": urllib3.HTTPSConnectionPool}
    connections = {"http": HTTPConnection, "https": HTTPSConnection}
    pool.pool_classes_by_scheme = {
        scheme: type("Pool", (kind,), {"ConnectionCls": _ending(connections[scheme], ends)})
        for scheme, kind in kinds.items()
    }
    return pool


def _ending(kind: type[HTTPConnection], ends: float) -> type[HTTPConnection]:
    def connect(self: HTTPConnection) -> None:
        kind.connect(self)
        if self.sock is not None:
            timer = threading.Timer(max(ends - time.monotonic(), 0), _shut, [self.sock])
            timer.daemon = True
            timer.start()
            vars(self)["timer"] = timer

    def close(self: HTTPConnection) -> None:
        if timer := vars(self).pop("timer", None):
            timer.cancel()
        kind.close(self)

    return type("Connection", (kind,), {"connect": connect, "close": close})


def _shut(held: socket.socket) -> None:
    try:
        # Of the plain socket: TLS would wait for the other side to take leave.
        socket.socket.shutdown(held, socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself
