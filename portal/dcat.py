"""The catalogue of open data as DCAT-AP: what there is, in which formats, from whom, how often it changes.

Each table is a dataset. Its distributions are the formats of its list in the API and the file in the newest
bulk snapshot. Titles are in three languages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cities.exports import TERRITORIES
from common.exporting.columns import Table
from common.exporting.workbooks import MEDIA_TYPE as XLSX
from common.names import LANGUAGES
from indicators.exports import OBSERVATIONS
from portal.bulk import TABLES
from portal.bulk.describing import file_of

AUTHORITY = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
SPOKEN = {"kk": "KAZ", "ru": "RUS", "en": "ENG"}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
COMMON = {"json": "application/json", "csv": "text/csv", "xlsx": XLSX}
ALSO = {
    OBSERVATIONS.name: {"sdmx-csv": "application/vnd.sdmx.data+csv", "json-stat": "application/json"},
    TERRITORIES.name: {"geojson": "application/geo+json"},
}
FILES_ALONE = frozenset({"memberships", "dimensions", "categories", "breakdowns"})
"""Tables that are no lists of the API of the same name."""
TITLE = _("Development programmes and statistics of Kazakhstan")
ABOUT = _("Promises of development programmes, the statistics behind them, and how far they are kept.")
FREQUENCY = {"@id": f"{AUTHORITY}/frequency/DAILY"}


@dataclass(frozen=True)
class Snapshot:
    """The newest bulk snapshot: its address without the files' names, and its data package."""

    address: str
    package: Mapping[str, Any]


def catalogue(api: str, snapshot: Snapshot | None) -> dict[str, Any]:
    """The catalogue; `api` is the address of the API with a slash at its end."""
    datasets = [
        _dataset(api, table, snapshot) for table in TABLES if snapshot or table.name not in FILES_ALONE
    ]
    return {
        "@context": CONTEXT,
        "@id": f"{api}catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _texts(TITLE),
        "dct:description": _texts(ABOUT),
        "dct:publisher": _publisher(),
        "dct:language": _languages(),
        "foaf:homepage": {"@id": settings.PORTAL_URL},
        **_licence(),
        **_modified(snapshot),
        "dcat:dataset": datasets,
        "dcat:service": _service(api, [each["@id"] for each in datasets]),
    }


def _dataset(api: str, table: Table, snapshot: Snapshot | None) -> dict[str, Any]:
    names = table.model._meta.verbose_name_plural
    return {
        "@id": f"{api}catalogue.jsonld#{table.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": table.name,
        "dct:title": _texts(names),
        "dct:description": _texts(names),
        "dct:publisher": {"@id": settings.PUBLISHER_URL},
        "dct:language": _languages(),
        "dct:accrualPeriodicity": FREQUENCY,
        "dct:spatial": {"@id": f"{AUTHORITY}/country/KAZ"},
        **_modified(snapshot),
        "dcat:distribution": [*_of_the_api(api, table), *_of_the_snapshot(table, snapshot)],
    }


def _of_the_api(api: str, table: Table) -> Iterable[dict[str, Any]]:
    if table.name in FILES_ALONE:
        return
    for name, media_type in {**COMMON, **ALSO.get(table.name, {})}.items():
        address = f"{api}{table.name}/?format={name}"
        yield {
            "@id": address,
            "@type": "dcat:Distribution",
            "dct:title": f"{table.name}: {name}",
            "dcat:accessURL": {"@id": address},
            "dcat:mediaType": {"@id": f"{IANA}/{media_type}"},
            "dcat:accessService": {"@id": f"{api}catalogue.jsonld#api"},
            **_licence(),
        }


def _of_the_snapshot(table: Table, snapshot: Snapshot | None) -> Iterable[dict[str, Any]]:
    if snapshot is None:
        return
    file = next(each for each in snapshot.package["resources"] if each["path"] == file_of(table))
    address = f"{snapshot.address}{file['path']}"
    yield {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": file["path"],
        "dcat:accessURL": {"@id": f"{snapshot.address}datapackage.json"},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"{IANA}/text/csv"},
        "dcat:compressFormat": {"@id": f"{IANA}/application/gzip"},
        "dcat:byteSize": {"@value": str(file["bytes"]), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@value": file["hash"].removeprefix("sha256:"),
                "@type": "xsd:hexBinary",
            },
        },
        **_licence(),
    }


def _service(api: str, datasets: Iterable[str]) -> dict[str, Any]:
    return {
        "@id": f"{api}catalogue.jsonld#api",
        "@type": "dcat:DataService",
        "dct:title": "Bağdar API",
        "dcat:endpointURL": {"@id": api},
        "dcat:endpointDescription": {"@id": f"{api}schema/"},
        "dcat:servesDataset": [{"@id": each} for each in datasets],
        **_licence(),
    }


def _publisher() -> dict[str, Any]:
    return {"@id": settings.PUBLISHER_URL, "@type": "foaf:Agent", "foaf:name": settings.PUBLISHER_NAME}


def _licence() -> dict[str, Any]:
    return {"dct:license": {"@id": settings.DATA_LICENCE}} if settings.DATA_LICENCE else {}


def _modified(snapshot: Snapshot | None) -> dict[str, Any]:
    if snapshot is None:
        return {}
    return {"dct:modified": {"@value": snapshot.package["created"], "@type": "xsd:dateTime"}}


def _languages() -> list[dict[str, str]]:
    return [{"@id": f"{AUTHORITY}/language/{SPOKEN[code]}"} for code in LANGUAGES]


def _texts(text: Any) -> list[dict[str, str]]:
    found = []
    for code in LANGUAGES:
        with override(code):
            found.append({"@value": str(text), "@language": code})
    return found
