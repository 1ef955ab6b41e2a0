"""Everything that `data/` holds, read and checked against schemas and columns, before any of it is stored."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from common.names import LANGUAGES
from programmes.packages.reading import Reader
from programmes.packages.records import Record

TERRITORY = (
    "code", "level", "parent", "kato", "bureau_code", "name_kk", "name_ru", "name_en",
    "valid_from", "valid_to", "longitude", "latitude",
)  # fmt: skip
ALIAS = ("territory", "language", "text")
NOTES = tuple(f"note_{language}" for language in LANGUAGES)
CHANGE = ("on", "kind", "predecessor", "successor", *NOTES, "act")
STATISTIC = ("territory", "breakdown", "period", "value", "status")
OBSERVATION = (
    "indicator", *STATISTIC, "document", "section", "lines", "printed", "printed_max", "printed_unit",
    "qualifier", "is_date_implied", *NOTES,
)  # fmt: skip


@dataclass(frozen=True)
class Package:
    """A programme's folder."""

    programme: Record
    goals: list[Record]
    kpis: list[Record]
    measures: list[Record]
    funding: list[Record]
    benchmarks: list[Record]
    rules: list[Record]
    inquiries: list[Record]
    discrepancies: list[Record]
    observations: list[Record]


@dataclass(frozen=True)
class Statistics:
    """A file of figures of one indicator from one source."""

    source: str
    indicator: str
    name: str
    rows: list[Record]


@dataclass(frozen=True)
class Contents:
    """The whole of `data/`."""

    territories: list[Record]
    aliases: list[Record]
    changes: list[Record]
    groups: list[Record]
    units: list[Record]
    dimensions: list[Record]
    sources: list[Record]
    indicators: list[Record]
    packages: list[Package]
    statistics: list[Statistics]


def read(root: Path) -> Contents:
    """Reads every file; `PackageError` for the first that is not as it should be."""
    reader = Reader(root)
    places, catalogue = root / "territories", root / "catalogue"
    places_of_indicators = (catalogue, *sorted(path for path in root.glob("programmes/*") if path.is_dir()))
    return Contents(
        territories=reader.table(places / "territories.csv", TERRITORY),
        aliases=reader.table(places / "aliases.csv", ALIAS),
        changes=reader.table(places / "changes.csv", CHANGE),
        groups=list(reader.entry(places / "groups.yaml", "groups").children("groups")),
        units=reader.entries(catalogue / "units.yaml", "units"),
        dimensions=reader.entries(catalogue / "dimensions.yaml", "dimensions"),
        sources=reader.entries(catalogue / "sources.yaml", "sources"),
        indicators=[
            record for folder in places_of_indicators for record in _entries(reader, folder, "indicators")
        ],
        packages=[_package(reader, path.parent) for path in sorted(root.glob("programmes/*/programme.yaml"))],
        statistics=[
            Statistics(path.parent.name, path.stem, reader.name(path), reader.table(path, STATISTIC))
            for path in sorted(root.glob("statistics/*/*.csv"))
        ],
    )


def _package(reader: Reader, folder: Path) -> Package:
    observations = folder / "observations.csv"
    return Package(
        programme=reader.entry(folder / "programme.yaml", "programme"),
        goals=_entries(reader, folder, "goals"),
        kpis=_entries(reader, folder, "kpis"),
        measures=_entries(reader, folder, "measures"),
        funding=_entries(reader, folder, "funding"),
        benchmarks=_entries(reader, folder, "benchmarks"),
        rules=_entries(reader, folder, "rules"),
        inquiries=_entries(reader, folder, "inquiries"),
        discrepancies=_entries(reader, folder, "discrepancies"),
        observations=reader.table(observations, OBSERVATION) if observations.exists() else [],
    )


def _entries(reader: Reader, folder: Path, name: str) -> list[Record]:
    """What `<name>.yaml` lists, and every file of the folder `<name>/`, in the order of their names."""
    files = [*folder.glob(f"{name}.yaml"), *sorted(folder.glob(f"{name}/*.yaml"))]
    return [record for file in files for record in reader.entries(file, name)]


def digest(root: Path) -> str:
    """SHA-256 over the names and bytes of all files."""
    total = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
