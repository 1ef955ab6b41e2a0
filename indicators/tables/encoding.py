"""In which encoding a text file is written, with short Cyrillic files in mind.

Single-byte Cyrillic encodings accept each other's bytes, so the reading is chosen whose letters are the ones
that Russian and Kazakh use most, with capitals where words begin.
"""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from indicators.tables.filetypes import is_utf16
from indicators.tables.refusals import FileProblem, UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 256 * 1024
_CHUNK = 2**20
CYRILLIC = ("cp1251", "kz1048", "koi8-r", "cp866", "ptcp154")
"""Tried in this order: of two readings that are equally good the first is taken."""

_COMMON = {
    letter: 3 - 0.09 * rank for rank, letter in enumerate("оаеинтсрлквмдпыуізябгқьчжйхөғңшәүұюцэщфһёъ")
}
"""The letters of Russian and Kazakh from the commonest to the rarest, with their weights."""
_WRONG_CASE = re.compile(r"[а-яёәғқңөұүһі][А-ЯЁӘҒҚҢӨҰҮҺІ]")


def detect_encoding(path: Path) -> str:
    """A Python codec that decodes the whole file. Raises `UnreadableFile` where none is believable."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return _checked(path, name)
    if byte_order := is_utf16(sample):
        return _checked(path, byte_order)
    if _decodes(path, "utf-8"):
        return "utf-8"
    best = max(CYRILLIC, key=lambda name: plausibility(sample, name))
    if plausibility(sample, best) > 0:
        return _checked(path, best)
    guess = from_bytes(sample).best()
    if guess is None:
        raise UnreadableFile(FileProblem.UNKNOWN_ENCODING)
    return _checked(path, guess.encoding)


def plausibility(sample: bytes, encoding: str) -> float:
    """How much the bytes read like Kazakh or Russian: the mean weight of the letters beyond ASCII."""
    text = sample.decode(encoding, errors="replace")
    foreign = [letter for letter in text if letter > "\x7f"]
    if not foreign:
        return 0.0
    weight = sum(
        _COMMON.get(letter.lower(), -4 if letter.isalpha() or letter == "�" else -0.5) - letter.isupper() / 10
        for letter in foreign
    )
    return (weight - 4 * len(_WRONG_CASE.findall(text))) / len(foreign)


def _checked(path: Path, encoding: str) -> str:
    if not _decodes(path, encoding):
        raise UnreadableFile(FileProblem.UNKNOWN_ENCODING)
    return encoding


def _decodes(path: Path, encoding: str) -> bool:
    """Whether every byte of the file is valid in the encoding; reads it piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
