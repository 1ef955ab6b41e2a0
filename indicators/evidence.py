"""What may be attached to a figure as evidence, known by its name and by how it begins. No Django here."""

from typing import IO

ZIP, COMPOUND = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
TEXT: tuple[bytes, ...] = ()
KINDS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG",),
    ".docx": ZIP,
    ".doc": COMPOUND,
    ".xlsx": ZIP,
    ".xls": COMPOUND,
    ".odt": ZIP,
    ".ods": ZIP,
    ".csv": TEXT,
    ".txt": TEXT,
    ".zip": ZIP,
}
"""The endings of names, and with what such files begin; text begins with anything and has no null."""
HEAD = 4096


def is_what_it_says(name: str, file: IO[bytes]) -> bool:
    """Whether the file's content is of the kind that its name says; it is left at its beginning."""
    beginnings = next((KINDS[kind] for kind in KINDS if name.lower().endswith(kind)), None)
    if beginnings is None:
        return False
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    return head.startswith(beginnings) if beginnings else b"\0" not in head
