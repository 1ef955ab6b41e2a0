"""Asking again cheaply: validators on everything that is read, right after every kind of write."""

import datetime as dt
import gzip
import json
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import http_date

from accounts.models import User
from config.settings import MIDDLEWARE
from indicators.models import Indicator, Upload
from indicators.services.publishing import Figure, publish
from indicators.services.reverting import revert_upload, undo_upload
from indicators.services.uploading import apply_upload, confirm_upload
from programmes.models import Kpi, Target
from programmes.packages.loading import load
from programmes.services.recomputing import recompute
from programmes.services.running import recompute_everything
from tests.admin.test_pages import form_data
from tests.api.conftest import ENDPOINTS, World
from tests.indicators.uploads.conftest import send  # noqa: F401 - the fixture

pytestmark = pytest.mark.django_db

LISTS = [f"/api/v1/{name}/?limit=20" for name in ENDPOINTS]
DETAILS = [f"/api/v1/{name}/{code.replace('&', '%26')}/" for name, code in ENDPOINTS.items()]
EXPLAINED = "/api/v1/progress/almaty-2025:KPI-4:almaty:2024/explain/"
OTHERS = ["/api/v1/provenance/", "/api/v1/schema/", EXPLAINED]


@pytest.fixture(autouse=True)
def _kept(_apart: None, settings: Any) -> None:
    """Here answers are kept, as they are in a running portal."""
    settings.MIDDLEWARE = MIDDLEWARE


def ask(address: str, known: Any = None, **headers: str) -> Any:
    """The answer, to a client that knows an earlier one."""
    if known is not None:
        headers["If-None-Match"] = known.headers["ETag"]
    return Client().get(address, headers=headers)


def queries(address: str, known: Any = None) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(address, known)
    return len(captured)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("address", [*LISTS, *DETAILS, *OTHERS])
def test_whatever_is_read_can_be_asked_for_again_for_nothing(address: str) -> None:
    first = ask(address)
    assert first.status_code == 200
    assert first.headers["ETag"].startswith('W/"')
    assert first.headers["Last-Modified"] <= http_date(time.time())
    assert first.headers["Cache-Control"] == "public, max-age=30, must-revalidate"
    vary = {part.strip() for part in first.headers["Vary"].split(",")}
    assert {"Accept", "Accept-Language", "Accept-Encoding"} <= vary
    assert "Cookie" not in vary
    again = ask(address, first)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert queries(address, first) == 1


def test_without_redis_an_unchanged_answer_is_still_unchanged(settings: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    for address in ("/api/v1/units/", "/api/v1/provenance/"):
        assert ask(address, ask(address)).status_code == 304


def test_a_kept_answer_is_the_computed_one() -> None:
    address = "/api/v1/kpis/?programme=almaty-2025"
    first, again = ask(address), ask(address)
    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert queries(address) == 1


def test_who_does_not_say_what_he_accepts_accepts_anything() -> None:
    address = "/api/v1/programmes/almaty-2025/"
    etag = ask(address, **{"Accept": "*/*"}).headers["ETag"]
    assert ask(address, **{"If-None-Match": etag}).status_code == 304


def test_answers_are_kept_apart_by_all_that_they_depend_on() -> None:
    address = "/api/v1/programmes/almaty-2025/"
    answers = [
        ask(address, **{"Accept-Language": "ru"}),
        ask(address, **{"Accept-Language": "en"}),
        ask(f"{address}?lang=kk", **{"Accept-Language": "en"}),
        ask(address, **{"Accept-Language": "en", "Accept": "text/csv"}),
    ]
    for _again in range(2):
        assert len({answer.content for answer in answers}) == len(answers)
        assert len({answer.headers["ETag"] for answer in answers}) == len(answers)


def test_answers_are_compressed_for_whom_that_suits() -> None:
    address = "/api/v1/kpis/?programme=almaty-2025"
    plain, packed = ask(address), ask(address, **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content))["results"] == plain.json()["results"]
    assert "Content-Encoding" not in plain.headers
    assert ask(address, **{"Accept-Encoding": "gzip"}).content == packed.content
    assert ask(address).content == plain.content


def test_nobodys_cookie_decides_what_others_read(client_of: Callable[[str], Client]) -> None:
    address = "/api/v1/territories/almaty/"
    administrator = client_of("administrator")
    administrator.cookies["language"] = "ru"
    own = administrator.get(address)
    assert own.content == Client().get(address).content
    assert own.json()["name"] == own.json()["names"]["kk"]
    assert not own.cookies


@pytest.mark.parametrize(
    ("role", "address"), [("analyst", "/api/v1/uploads/"), ("administrator", "/api/v1/recomputations/")]
)
def test_what_is_not_published_is_never_kept(
    client_of: Callable[[str], Client], role: str, address: str
) -> None:
    answer = client_of(role).get(address)
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
    assert "public" not in answer.headers.get("Cache-Control", "")
    assert Client().get(address).status_code in {401, 403}


@pytest.mark.parametrize("address", ["/api/v1/units/?colour=blue", "/api/v1/units/nowhere/"])
def test_a_problem_is_nobody_elses(address: str) -> None:
    answer = ask(address)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in answer.headers


def test_the_time_of_the_last_change_is_enough_from_the_next_second_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, now = "/api/v1/units/", int(time.time())
    clock = {"now": float(now)}
    monkeypatch.setattr("portal.kept.time.time", lambda: clock["now"])
    first = ask(address)
    assert ask(address, **{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200
    clock["now"] += 1
    later = ask(address)
    assert ask(address, **{"If-Modified-Since": later.headers["Last-Modified"]}).status_code == 304
    Indicator.objects.first().unit.save()  # type: ignore[union-attr]
    assert ask(address, **{"If-Modified-Since": later.headers["Last-Modified"]}).status_code == 200


def test_a_write_leaves_other_answers_alone() -> None:
    known = {address: ask(address) for address in ("/api/v1/units/", "/api/v1/observations/?limit=5")}
    Kpi.objects.filter(code="KPI-4", programme__code="almaty-2025").update(name_en="Renamed")
    for address, answer in known.items():
        assert ask(address, answer).status_code == 304


# Each kind of write, and an address whose answer it changes.

KPI = "/api/v1/kpis/almaty-2025:KPI-4/"
FIGURES = "/api/v1/observations/?indicator=neet-share&territory=almaty&limit=500"


def kpi_4() -> Kpi:
    return Kpi.objects.get(code="KPI-4", programme__code="almaty-2025")


def figure(value: str) -> Figure:
    series = kpi_4().standings.get().series
    assert series is not None
    last = series.observations.latest("period_start")
    return Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, series.frequency,
        last.period_start, Decimal(value), "A", "corrected",
    )  # fmt: skip


def publish_a_figure() -> None:
    publish([figure("71.25")], reason="corrected")


def revise_it() -> None:
    publish([figure("71.5")], reason="corrected again")


def recompute_it() -> None:
    recompute([kpi_4().pk])


def amend_a_target() -> None:
    Target.objects.filter(kpi=kpi_4()).update(valid_to=dt.date(2024, 1, 1))


def delete_it() -> None:
    kpi_4().delete()


def of_its_series() -> str:
    series = kpi_4().standings.get().series
    assert series is not None
    return f"/api/v1/observations/?indicator={series.indicator.code}&territory={series.territory.code}"


@pytest.mark.parametrize(
    ("write", "address"),
    [
        (publish_a_figure, of_its_series),
        (revise_it, of_its_series),
        (recompute_it, "/api/v1/standings/almaty-2025:KPI-4:almaty/"),
        (recompute_it, "/api/v1/progress/?kpi=almaty-2025:KPI-4"),
        (recompute_everything, "/api/v1/progress/?kpi=almaty-2025:KPI-4"),
        (recompute_everything, EXPLAINED),
        (amend_a_target, "/api/v1/targets/?kpi=almaty-2025:KPI-4"),
        (amend_a_target, EXPLAINED),
        (delete_it, KPI),
        (delete_it, "/api/v1/kpis/?programme=almaty-2025"),
        (publish_a_figure, "/api/v1/standings/?programme=almaty-2025&as_of=2024-03-01"),
    ],
)
def test_after_a_write_the_answer_is_another(
    write: Callable[[], object], address: str | Callable[[], str]
) -> None:
    asked = address if isinstance(address, str) else address()
    before = ask(asked)
    assert ask(asked, before).status_code == 304
    write()
    after = ask(asked, before)
    assert after.status_code in {200, 404}
    assert after.headers.get("ETag") != before.headers["ETag"]


def test_an_edit_in_the_administration_changes_the_answer() -> None:
    before = ask(KPI)
    administrator = Client()
    administrator.force_login(User.objects.create_superuser("desk@example.kz", "a long old password"))
    address = f"/en/admin/programmes/kpi/{kpi_4().pk}/change/"
    administrator.post(address, form_data(administrator.get(address), name_en="Renamed by hand"))
    after = ask(KPI, before)
    assert after.status_code == 200
    assert "Renamed by hand" in after.content.decode()


def test_loading_a_package_changes_the_answer(settings: Any) -> None:
    kpi_4().targets.all().delete()
    address = "/api/v1/targets/?kpi=almaty-2025:KPI-4"
    before = ask(address)
    load(settings.DATA_DIR, force=True)
    after = ask(address, before)
    assert after.status_code == 200
    assert len(after.json()["results"]) > len(before.json()["results"])


def test_an_upload_and_its_undoing_change_the_answer(
    send: Callable[..., Upload],  # noqa: F811 - the fixture
    user: Callable[[str], User],
) -> None:
    address = "/api/v1/observations/?indicator=neet-share&period_from=2023"
    upload = send(
        "indicator_8-6-1.csv", "Year,UNIT_MEASURE,REF_AREA,URBANISATION,SEX,Value\n2023,PT,KZALA,,,5.37\n"
    )
    before = ask(address)
    confirm_upload(upload=upload, by=user("analyst"), reason="Final figures")
    apply_upload(upload.pk)
    applied = ask(address, before)
    assert applied.status_code == 200
    revert_upload(upload=upload, by=user("analyst"), reason="The wrong file")
    undo_upload(upload.pk)
    assert ask(address, applied).status_code == 200


def test_the_world_is_described_as_it_is(world: World) -> None:
    address = "/api/v1/observations/test-indicator:test-city:TEST=A:test-source:2022/"
    before = ask(address)
    world.series.observations.exclude(value=None).update(status="E")
    assert ask(address, before).json()["status"] == "E"
