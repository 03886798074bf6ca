"""A place in a bucket of an S3 store, through the minio client.

Keep out: Delta's own reads and writes of its log, which go through delta-rs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import ParseError

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from lake.errors import LakeError
from lake.store.place import Lying, S3Credentials

ABSENT = {"NoSuchKey", "NoSuchObject"}


def s3_client(credentials: S3Credentials, *, connections: int = 8) -> Minio:
    """Return a client that gives up in bounded time."""
    scheme, _, host = credentials.endpoint.partition("://")
    return Minio(
        endpoint=host.rstrip("/"),
        access_key=credentials.key,
        secret_key=credentials.secret,
        secure=scheme == "https",
        region=credentials.region,
        http_client=urllib3.PoolManager(
            maxsize=connections,
            timeout=urllib3.Timeout(connect=5, read=60),
            retries=urllib3.Retry(total=3, backoff_factor=0.2, status_forcelist=[500, 502, 503]),
        ),
    )


def split_url(url: str) -> tuple[str, str]:
    """Return bucket and prefix of an `s3://bucket/prefix` URL."""
    bucket, _, prefix = url.removeprefix("s3://").strip("/").partition("/")
    if not bucket:
        raise LakeError(f"{url}: names no bucket: write s3://bucket/prefix")
    return bucket, prefix


@contextmanager
def told(url: str) -> Iterator[None]:
    """Turn the client's errors into one line that names the store."""
    try:
        yield
    except S3Error as error:
        raise LakeError(f"{url}: the store answered {error.code}: {error.message}") from error
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise LakeError(f"{url}: the store does not answer: {type(error).__name__}") from error
    except (ValueError, ParseError) as error:
        raise LakeError(f"{url}: what answers there does not speak S3: {error}") from error


class Bucket:
    """A place under a prefix of a bucket; holds the connections."""

    def __init__(self, root: str, credentials: S3Credentials) -> None:
        self.root = root
        self.credentials: S3Credentials | None = credentials
        self._bucket, self._prefix = split_url(root)
        self._client = s3_client(credentials)

    def put(self, source: Path, key: str) -> int:
        """Move a file to a key, durably, and return its size in bytes."""
        with told(f"{self.root}/{key}"):
            self._client.fput_object(self._bucket, self._key(key), str(source))
        size = self.size(key)
        if size != source.stat().st_size:
            raise LakeError(f"{self.root}/{key}: the store kept {size} bytes: run again")
        source.unlink()
        return size

    def fetch(self, key: str, scratch: Path) -> Path:
        """Copy a file to scratch and return its path; LakeError when it is not there."""
        target = scratch / Path(key).name
        with told(f"{self.root}/{key}"):
            self._client.fget_object(self._bucket, self._key(key), str(target))
        return target

    def size(self, key: str) -> int | None:
        """Return the size of a file in bytes; None when it is not there."""
        with told(f"{self.root}/{key}"):
            try:
                found = self._client.stat_object(self._bucket, self._key(key))
            except S3Error as error:
                if error.code in ABSENT:
                    return None
                raise
        return found.size

    def mark(self, key: str) -> str | None:
        """Tell nothing: a request costs what it would spare."""

    def sync(self, key: str) -> None:
        """Do nothing: a store answers when it has kept an object."""

    def remove(self, key: str) -> None:
        """Remove a file; it may be gone already."""
        with told(f"{self.root}/{key}"):
            self._client.remove_object(self._bucket, self._key(key))

    def folders(self, key: str) -> tuple[str, ...]:
        """Return the names of the folders directly below a key, sorted."""
        prefix = f"{self._key(key)}/".lstrip("/")
        with told(f"{self.root}/{key}"):
            found = list(self._client.list_objects(self._bucket, prefix))
        names = (item.object_name.removeprefix(prefix) for item in found if item.is_dir)
        return tuple(sorted(name.rstrip("/") for name in names))

    def files(self, key: str) -> tuple[Lying, ...]:
        """Return the files directly below a key, by name."""
        prefix = f"{self._key(key)}/".lstrip("/")
        with told(f"{self.root}/{key}"):
            found = [o for o in self._client.list_objects(self._bucket, prefix) if not o.is_dir]
        lying = (
            Lying(o.object_name.removeprefix(prefix), o.size or 0, o.last_modified.timestamp())
            for o in found
        )
        return tuple(sorted(lying, key=lambda one: one.name))

    def _key(self, key: str) -> str:
        return "/".join(part for part in (self._prefix, key) if part)
