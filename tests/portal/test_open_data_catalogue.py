"""The catalogue of open data: DCAT-AP whose every address answers in the format that it states."""

from typing import Any

import pytest
from django.test import Client

from portal.bulk import TABLES
from portal.dcat import FILES_ALONE
from portal.services.snapshots import make_snapshot

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/catalogue.jsonld"
IANA = "https://www.iana.org/assignments/media-types/"


def catalogue() -> dict[str, Any]:
    """The catalogue as it is served."""
    response = Client().get(ADDRESS)
    assert response["Content-Type"] == "application/ld+json"
    found: dict[str, Any] = response.json()
    return found


def nodes(part: Any) -> list[dict[str, Any]]:
    """Every described thing in the catalogue."""
    if isinstance(part, list):
        return [node for each in part for node in nodes(each)]
    if isinstance(part, dict):
        inner = [node for name, each in part.items() if name != "@context" for node in nodes(each)]
        return [part, *inner] if "@type" in part and "@value" not in part else inner
    return []


@pytest.mark.parametrize("with_snapshot", [False, True])
def test_what_dcat_ap_asks_for_is_there(with_snapshot: bool) -> None:
    if with_snapshot:
        make_snapshot()
    found = nodes(catalogue())
    by_type: dict[str, list[dict[str, Any]]] = {}
    for node in found:
        by_type.setdefault(node["@type"], []).append(node)
    [whole] = by_type["dcat:Catalog"]
    assert {"dct:title", "dct:description", "dct:publisher", "dcat:dataset", "dct:language"} <= set(whole)
    assert len(by_type["dcat:Dataset"]) == len(TABLES) - (0 if with_snapshot else len(FILES_ALONE))
    for dataset in by_type["dcat:Dataset"]:
        assert {each["@language"] for each in dataset["dct:title"]} == {"kk", "ru", "en"}
        assert {"dct:description", "dct:publisher", "dct:accrualPeriodicity"} <= set(dataset)
        assert dataset["dcat:distribution"]
    for distribution in by_type["dcat:Distribution"]:
        assert {"dcat:accessURL", "dcat:mediaType"} <= set(distribution)
    ids = [node["@id"] for node in found if "@id" in node]
    assert len(ids) == len(set(ids))


def test_every_prefix_is_declared() -> None:
    found = catalogue()
    names = {name for node in nodes(found) for name in node if not name.startswith("@")}
    names |= {node["@type"] for node in nodes(found)}
    assert {name.split(":")[0] for name in names} <= set(found["@context"])


def test_every_distribution_answers_in_its_format() -> None:
    make_snapshot()
    client = Client()
    for node in nodes(catalogue()):
        if node["@type"] != "dcat:Distribution":
            continue
        address = node.get("dcat:downloadURL", node["dcat:accessURL"])["@id"]
        response: Any = client.get(address, follow=True)
        assert response.status_code == 200, address
        media_type = node.get("dcat:compressFormat", node["dcat:mediaType"])["@id"].removeprefix(IANA)
        assert response["Content-Type"].split(";")[0] == media_type
        assert response.getvalue()


def test_licence_and_publisher_are_those_of_the_settings(settings: Any) -> None:
    assert "dct:license" not in str(catalogue())
    settings.DATA_LICENCE = "https://example.org/licence"
    settings.PUBLISHER_NAME, settings.PUBLISHER_URL = "An office", "https://example.org/office"
    found = catalogue()
    assert found["dct:publisher"] == {
        "@id": "https://example.org/office",
        "@type": "foaf:Agent",
        "foaf:name": "An office",
    }
    licensed = [node for node in nodes(found) if "dct:license" in node]
    assert {node["@type"] for node in licensed} >= {"dcat:Catalog", "dcat:Distribution"}


def test_pages_lead_to_it() -> None:
    page = Client().get("/en/").content.decode()
    assert f'href="{ADDRESS}"' in page
    assert 'type="application/ld+json"' in page
