"""Reads the pixels of a PNG of 8 bits a channel, as the portal writes them."""

import struct
import zlib
from typing import NamedTuple


class Image(NamedTuple):
    """`rows` holds each row's bytes, `channels` to a pixel."""

    width: int
    height: int
    channels: int
    rows: list[bytes]

    @property
    def colours(self) -> set[bytes]:
        """Every colour in it."""
        step = self.channels
        return {row[i : i + step] for row in self.rows for i in range(0, len(row), step)}


def read_png(data: bytes) -> Image:
    """The image. Raises AssertionError for what is no such PNG."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, packed, head = 8, b"", b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0]
        packed += body if kind == b"IDAT" else b""
        head = body if kind == b"IHDR" else head
        at += length + 12
    width, height, depth, colour = struct.unpack(">IIBB", head[:10])
    channels = {2: 3, 6: 4}[colour]
    assert depth == 8
    raw, stride = zlib.decompress(packed), width * channels
    rows = [bytes(stride)]
    for index in range(height):
        start = index * (stride + 1)
        rows.append(_unfiltered(raw[start], raw[start + 1 : start + 1 + stride], rows[-1], channels))
    return Image(width, height, channels, rows[1:])


def _unfiltered(method: int, line: bytes, above: bytes, step: int) -> bytes:
    row = bytearray(line)
    for i in range(len(row)):
        a, b, c = (row[i - step], above[i], above[i - step]) if i >= step else (0, above[i], 0)
        row[i] = (row[i] + (0, a, b, (a + b) // 2, _paeth(a, b, c))[method]) % 256
    return bytes(row)


def _paeth(a: int, b: int, c: int) -> int:
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
