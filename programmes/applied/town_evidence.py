"""What the documents tell about the monotowns, out of the programme's data package."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from common.names import LANGUAGES, language
from programmes.methods.monotown_criteria import Citation, Evidence, Qualifier
from programmes.packages.reading import Reader
from programmes.packages.records import Record

FILE = Path("programmes/monotowns-2012-2020/evidence.yaml")

Towns = Mapping[str, Mapping[str, Evidence]]


@dataclass(frozen=True)
class Place(Citation):
    """Lines in a section of a document."""

    section: str = ""


def known_of_towns() -> Towns:
    """What is known of each town by criterion, with notes in the reader's language.

    The file is read again when it changes. Raises `PackageError` where it is not as its schema says.
    """
    path = settings.DATA_DIR / FILE
    return _read(path, sha256(path.read_bytes()).hexdigest(), language())


@lru_cache(maxsize=len(LANGUAGES))
def _read(path: Path, digest: str, reader_language: str) -> Towns:
    """The file of this content; the two last parameters tell the readings apart."""
    records = Reader(settings.DATA_DIR).entries(path, "evidence")
    return {
        record["territory"]: {told["criterion"]: _evidence(told) for told in record.children("evidence")}
        for record in records
    }


def _evidence(told: Record) -> Evidence:
    cite = told.child("cite")
    return Evidence(
        answer=told.get("answer"),
        value=_number(told, "value"),
        value_max=_number(told, "value_max"),
        qualifier=Qualifier(told.get("qualifier", Qualifier.EXACT)),
        reference=_number(told, "reference"),
        reason=told.texts("note")[f"note_{language()}"],
        citation=Place(cite["document"], tuple(cite["lines"]), cite.get("section") or ""),
    )


def _number(told: Record, name: str) -> Decimal | None:
    return Decimal(told[name]) if told.get(name) is not None else None
