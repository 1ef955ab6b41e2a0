"""`manage.py load_boundaries`: outlines from GeoJSON, matched with territories, or told why not."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cities.models import Boundary, Territory
from tests.programmes.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db

SQUARE = [[[76.0, 43.0], [77.0, 43.0], [77.0, 44.0], [76.0, 44.0], [76.0, 43.0]]]


def feature(name: object, geometry: object = None, **more: object) -> dict[str, Any]:
    shape = {"type": "Polygon", "coordinates": SQUARE} if geometry is None else geometry
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": shape}


def written(path: Path, *features: object, **more: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def load(path: Path, *arguments: str, name: str = "name") -> str:
    out, err = StringIO(), StringIO()
    call_command("load_boundaries", str(path), "--property", name, *arguments, stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def refusal(path: Path, *arguments: str, name: str = "name") -> str:
    err = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("load_boundaries", str(path), "--property", name, *arguments, stderr=err)
    assert not Boundary.objects.exists()
    return f"{err.getvalue()}{refused.value}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "regions.geojson"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("almaty-oblast", "almaty-oblast"), ("750000000", "almaty"), (750000000, "almaty"),
        (750000000.0, "almaty"), ("KZAKM", "akmola-oblast"), ("Акмолинская область", "akmola-oblast"),
        ("Қарағанды облысы", "karaganda-oblast"), ("East Kazakhstan Region", "east-kazakhstan-oblast"),
        ("Шымкент қ.", "shymkent"),
    ],
)  # fmt: skip
def test_a_feature_is_matched_by_any_code_or_spelling(file: Path, name: object, code: str) -> None:
    assert "Outlines of 1 territories are loaded." in load(written(file, feature(name)))
    assert Boundary.objects.get().territory.code == code


def test_names_that_several_share_are_told_apart_by_the_others(file: Path) -> None:
    load(written(file, feature("Алматы қаласы"), feature("Алматы"), feature("Ақмола облысы")))
    found = set(Boundary.objects.values_list("territory__code", flat=True))
    assert found == {"almaty", "almaty-oblast", "akmola-oblast"}


def test_the_source_is_kept_and_a_later_file_replaces_the_outline(file: Path) -> None:
    load(written(file, feature("astana")), "--source", "OpenStreetMap, ODbL")
    parts = {"type": "MultiPolygon", "coordinates": [SQUARE, SQUARE]}
    load(written(file, feature("astana", parts)))
    boundary = Boundary.objects.get()
    assert boundary.geometry["type"] == "MultiPolygon"
    assert boundary.source == "regions.geojson"


def test_heights_are_left_out(file: Path) -> None:
    ring = [[*position, 812.5] for position in SQUARE[0]]
    load(written(file, feature("astana", {"type": "Polygon", "coordinates": [ring]})))
    assert Boundary.objects.get().geometry["coordinates"] == SQUARE


def test_a_feature_that_names_nobody_is_reported_and_nothing_is_written(file: Path) -> None:
    said = refusal(written(file, feature("astana"), feature("Атлантида"), feature(None, other=1)))
    assert "Feature 2: no territory is called “Атлантида”. Write its code or KATO code there" in said
    assert "Feature 3 has no name in that property." in said
    assert "Nothing was loaded: 2 features" in said


def test_the_others_are_loaded_where_that_is_allowed(file: Path) -> None:
    said = load(written(file, feature("astana"), feature("Атлантида")), "--allow-unmatched")
    assert "no territory is called “Атлантида”" in said
    assert Boundary.objects.get().territory.code == "astana"


def test_a_name_of_several_territories_is_asked_about(file: Path) -> None:
    said = refusal(written(file, feature("Абай")))
    assert "“Абай” may mean " in said
    assert "abai-oblast" in said
    assert "Write the code of the one meant." in said


def test_two_features_of_one_territory_are_to_be_joined(file: Path) -> None:
    said = refusal(written(file, feature("astana"), feature("Астана")))
    assert "“Астана” means astana, as does feature 1. Join the two into one MultiPolygon." in said


def ring(*positions: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [list(positions)]}


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "Point", "coordinates": [76, 43]}, "its geometry is a Point, which has no area"),
        ({"type": "Polygon", "coordinates": []}, "polygon 1 has rings, and here are none"),
        ({"type": "Polygon"}, "polygon 1 has rings, and here are none"),
        (ring([76, 43], [77, 43], [77, 44], [76, 44]), "ring 1 of polygon 1 is not closed"),
        (ring([76, 43], [77, 43], [76, 43]), "has fewer than four positions"),
        (ring([76, 43], [77, "43"], [77, 44], [76, 43]), 'holds [77, "43"], which is no position'),
        (ring([76, 43], [77, True], [77, 44], [76, 43]), "holds [77, true], which is no position"),
        (ring([76], [77, 43], [77, 44], [76]), "holds [76], which is no position"),
        (
            ring([8460621, 5311972], [77, 43], [77, 44], [8460621, 5311972]),
            "is not on earth. Convert the file",
        ),
        ("Polygon", "it has no geometry"),
        ({"type": "MultiPolygon", "coordinates": [SQUARE, [[[1, 2]]]]}, "ring 1 of polygon 2 has fewer"),
    ],
)
def test_an_outline_that_is_none_is_refused_with_its_place(file: Path, geometry: object, said: str) -> None:
    found = refusal(written(file, feature("almaty"), feature("astana", geometry)))
    assert "Feature 2: " in found
    assert said in found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "is not text in UTF-8"),
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is no GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "holds no features"),
        (b'{"type": "FeatureCollection", "features": [7]}', "Feature 1 is no GeoJSON Feature"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": NaN}]}', "no geometry"),
    ],
)
def test_a_file_that_is_no_geojson_is_refused(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    assert said in refusal(file)


def test_a_file_that_is_not_there_is_said(file: Path) -> None:
    assert "cannot be read: No such file" in refusal(file)


def test_a_property_that_no_feature_has_is_answered_with_those_there_are(file: Path) -> None:
    said = refusal(written(file, feature("astana", kato="710000000")), name="nome")
    assert "No feature has a property “nome”. Name one of those it has: kato, name." in said


def test_coordinates_in_metres_are_refused_by_their_system(file: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    assert "in the system urn:ogc:def:crs:EPSG::3857" in refusal(written(file, feature("astana"), crs=crs))
    load(written(file, feature("astana"), crs={"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}))


def test_the_table_refuses_what_has_no_area_or_no_source() -> None:
    territory = Territory.objects.get(code="astana")
    polygon = {"type": "Polygon", "coordinates": SQUARE}
    for geometry, source in (({"type": "Point"}, "x"), ({}, "x"), (polygon, "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Boundary.objects.create(
                territory=territory, geometry=geometry, source=source, loaded_at=timezone.now()
            )


def test_the_map_draws_loaded_outlines_on_request_and_names_their_source(client: Client, file: Path) -> None:
    load(written(file, feature("astana"), feature("almaty")), "--source", "Survey of 2024")
    tiles = html_of(client, "/en/territories/")
    assert 'value="boundaries"' in tiles
    assert "Survey of 2024" not in tiles
    drawn = html_of(client, "/en/territories/?map=boundaries")
    assert "Survey of 2024" in drawn
    assert '<path class="places-step places-step--' in drawn


def test_a_map_without_outlines_says_so(client: Client) -> None:
    text = text_of(client, "/en/territories/?map=boundaries")
    assert "No boundaries are loaded here: the map shows tiles." in text
