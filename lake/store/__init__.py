"""Where bytes lie: folders and buckets, the archive, and whether a store can be trusted."""

from lake.errors import StillGrowing
from lake.store.archive import Archive, Stored
from lake.store.place import Place, S3Credentials, open_place

__all__ = ["Archive", "Place", "S3Credentials", "StillGrowing", "Stored", "open_place"]
