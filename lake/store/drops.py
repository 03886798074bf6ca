"""Files that units drop under a prefix of an S3 store of their own: listed, and taken one by one.

Keep out: our own store (bucket.py) and what the files mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from minio.error import S3Error

from lake.errors import LakeError
from lake.store.bucket import s3_client, told
from lake.store.place import S3Credentials

CHUNK = 1 << 20
NO_STORE = (
    "its secret is no store: write https://key:secret@host/bucket, and in key and secret / as %2F, "
    "+ as %2B, @ as %40"
)


@dataclass(frozen=True)
class Dropped:
    """One object under the prefix: its path below it, and a mark that changes with its bytes."""

    path: str
    mark: str


class DropBox:
    """A prefix of somebody's bucket; holds the connections."""

    def __init__(self, url: str, prefix: str) -> None:
        try:
            parts = urlsplit(url)
            bucket, _ = parts.path.strip("/"), parts.port
        except ValueError:
            raise LakeError(NO_STORE) from None  # its words may be half of a secret
        known = parts.scheme in ("http", "https") and parts.hostname and parts.username
        if not known or not bucket or "/" in bucket:
            raise LakeError(NO_STORE)
        endpoint = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        region = parse_qs(parts.query).get("region", ["us-east-1"])[0]
        key, secret = unquote(parts.username or ""), unquote(parts.password or "")
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/".lstrip("/")
        self._client = s3_client(S3Credentials(endpoint, key, secret, region))
        self._shown = f"{bucket}/{self._prefix}"

    def files(self) -> tuple[Dropped, ...]:
        """Return the objects below the prefix, the oldest first."""
        with told(self._shown):
            found = list(
                self._client.list_objects(self._bucket, prefix=self._prefix, recursive=True)
            )
        found.sort(key=lambda item: (item.last_modified, item.object_name))
        return tuple(
            Dropped(item.object_name.removeprefix(self._prefix), item.etag)
            for item in found
            if not item.is_dir and not item.object_name.endswith("/")
        )

    def take(self, file: Dropped, target: Path, *, charge: Callable[[int], None]) -> bool:
        """Copy an object as it was listed; False when it has changed or gone since."""
        with told(f"{self._shown}{file.path}"):
            try:
                with target.open("wb") as copy:
                    for chunk in self._chunks(file):
                        charge(len(chunk))
                        copy.write(chunk)
            except S3Error as error:
                if error.code in ("PreconditionFailed", "NoSuchKey"):
                    return False
                raise
        return True

    def _chunks(self, file: Dropped) -> Iterator[bytes]:
        answer = self._client.get_object(
            self._bucket,
            f"{self._prefix}{file.path}",
            request_headers={"If-Match": f'"{file.mark}"'},
        )
        try:
            # Whatever has come: a store that drips is seen by who counts.
            while chunk := answer.read1(CHUNK):
                yield chunk
        finally:
            answer.close()
            answer.release_conn()
