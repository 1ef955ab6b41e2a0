"""Static files under names that change with them, compressed when they are gathered."""

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

QUALITY = 5
"""The best, 11, takes a minute for all files and makes them a tenth shorter."""


class QuickCompressor(Compressor):  # type: ignore[misc]
    """WhiteNoise's, with a brotli that a starting portal need not wait for."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """The data, compressed."""
        return brotli.compress(data, quality=QUALITY)  # type: ignore[no-any-return]


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """The storage of STORAGES["staticfiles"]."""

    def create_compressor(self, **options: Any) -> Compressor:
        """What makes the .br and .gz beside each file but the maps, which only developers' tools ask for."""
        return QuickCompressor(**{**options, "extensions": [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]})
