"""Static files, compressed once, where they are collected."""

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

QUALITY = 9
"""Of 11: the highest takes twenty times as long for a tenth fewer bytes, and a first start waits for it."""


class QuickCompressor(Compressor):  # type: ignore[misc] # it has no types
    """WhiteNoise's, which knows no quality but the highest."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """The file as brotli."""
        return bytes(brotli.compress(data, quality=QUALITY))


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # the same
    """Names with digests; each file beside it as gzip and brotli."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Of all files."""
        return QuickCompressor(**kwargs)
