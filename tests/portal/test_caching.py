"""Kept pages: the same for everybody, new after every kind of write, never anybody's own."""

import gzip
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import brotli
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisIsAwayError

from accounts.models import User
from config.settings import MIDDLEWARE
from indicators.models import Observation, Series, Upload
from indicators.services.publishing import Figure, publish
from indicators.services.reverting import revert_upload, undo_upload
from indicators.services.uploading import apply_upload, confirm_upload
from portal.caching import PublicPages
from portal.state import public_states, public_tables, watched_tables
from programmes.models import Kpi, Standing
from programmes.services.recomputing import recompute
from programmes.services.running import recompute_everything
from tests.admin.test_pages import form_data
from tests.indicators.uploads.conftest import send  # noqa: F401 - the fixture

pytestmark = pytest.mark.django_db
PAGE = "/en/programmes/almaty-2025/kpis/KPI-4/"


@pytest.fixture(autouse=True)
def _kept(_apart: None, settings: Any) -> None:
    """Here pages are kept, as they are in a running portal."""
    settings.MIDDLEWARE = MIDDLEWARE


def test_a_running_portal_keeps_pages_outside_of_what_knows_the_reader() -> None:
    order = MIDDLEWARE.index
    for inner in (
        "sessions.middleware.Session",
        "locale.Locale",
        "auth.middleware.Authentication",
    ):
        [name] = [each for each in MIDDLEWARE if f"{inner}Middleware" in each]
        assert order("portal.caching.PublicPages") < order(name)


def queries(client: Client, address: str = PAGE) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_every_public_table_is_watched() -> None:
    assert watched_tables() == public_tables()


def test_a_page_is_computed_once_for_everybody() -> None:
    first, again = Client().get(PAGE), Client().get(PAGE)
    assert first.content == again.content
    assert queries(Client()) == 1
    assert first.headers["Content-Security-Policy"] == again.headers["Content-Security-Policy"]


@pytest.mark.parametrize("accepted", ["br", "gzip"])
def test_its_length_is_that_of_what_is_sent(monkeypatch: pytest.MonkeyPatch, accepted: str) -> None:
    """Two processes, of two releases say, may keep a page of two lengths, and one comes last."""
    compressed = {"Accept-Encoding": accepted}
    one, other = Client(), Client()
    first = one.get(PAGE, headers=compressed)
    with monkeypatch.context() as at_once:
        at_once.setattr(PublicPages, "_from_kept", lambda *_asked: None)
        at_once.setattr("portal.compressing.BROTLI_QUALITY", 1)
        at_once.setattr("portal.compressing.GZIP_LEVEL", 1)
        other.get(PAGE, headers=compressed)
    answer = one.get(PAGE, headers=compressed)
    assert len(first.content) < len(answer.content) == int(answer.headers["Content-Length"])


@pytest.mark.parametrize(
    ("accepted", "coding", "opened"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("br;q=1.0, gzip;q=0.8", "br", brotli.decompress),
        ("GZIP", "gzip", gzip.decompress),
        ("gzip, br;q=0.0", "gzip", gzip.decompress),
        ("deflate", None, bytes),
        ("*", None, bytes),
        (";;=,br", "br", brotli.decompress),
        ("br;q*=nope''1", None, bytes),
    ],
)
def test_a_page_is_compressed_as_the_client_accepts(
    accepted: str, coding: str | None, opened: Callable[[bytes], bytes]
) -> None:
    plain = Client().get(PAGE)
    assert "Content-Encoding" not in plain.headers
    for _computed_then_kept in range(2):
        answer = Client().get(PAGE, headers={"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == coding
        assert opened(answer.content) == plain.content
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_a_readers_own_hides_its_length(client_of: Callable[[str], Client]) -> None:
    own = client_of("analyst").get(PAGE, headers={"Accept-Encoding": "gzip, br"})
    assert own.headers["Content-Encoding"] == "gzip"


def test_a_page_is_kept_by_its_whole_address() -> None:
    pages = {Client().get(f"{PAGE}{query}").content for query in ("", "?year=2021", "?as_of=2024-01-01")}
    assert len(pages) == 3
    assert b'lang="ru"' in Client().get(PAGE.replace("/en/", "/ru/")).content
    assert queries(Client(), f"{PAGE}?year=2021") == 1


def test_a_browser_is_told_that_its_copy_is_still_good() -> None:
    first = Client().get(PAGE)
    assert first.headers["Cache-Control"] == "no-cache"
    again = Client().get(PAGE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    rename_it()
    assert Client().get(PAGE, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def publish_a_figure() -> None:
    series = Standing.objects.get(kpi__code="KPI-4", kpi__programme__code="almaty-2025").series
    assert series is not None
    last = Observation.objects.filter(series=series).latest("period_start")
    publish([figure_of(series, last)], reason="corrected")


def figure_of(series: Series, last: Observation) -> Figure:
    return Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, series.frequency,
        last.period_start, Decimal("71.25"), "A", "corrected",
    )  # fmt: skip


def recompute_it() -> None:
    kpi = Kpi.objects.get(code="KPI-4", programme__code="almaty-2025")
    recompute([kpi.pk])


def rename_it() -> None:
    Kpi.objects.filter(code="KPI-4", programme__code="almaty-2025").update(name_en="Renamed")


@pytest.mark.parametrize("write", [publish_a_figure, recompute_it, recompute_everything, rename_it])
def test_after_a_write_the_page_is_computed_anew(write: Callable[[], object]) -> None:
    queries(Client())
    write()
    assert queries(Client()) > 1
    assert queries(Client()) == 1


def test_writes_are_noticed_after_the_results_were_exchanged() -> None:
    recompute_everything()
    before = public_states().mark()
    recompute_it()
    assert public_states().mark() != before


def test_the_published_figure_is_on_the_page() -> None:
    assert "71.25" not in Client().get(PAGE).content.decode()
    publish_a_figure()
    recompute_it()
    assert "71.25" in Client().get(PAGE).content.decode()


def test_an_edit_in_the_administration_is_on_the_page() -> None:
    Client().get(PAGE)
    kpi = Kpi.objects.get(code="KPI-4", programme__code="almaty-2025")
    administrator = Client()
    administrator.force_login(User.objects.create_superuser("desk@example.kz", "a long old password"))
    address = reverse("admin:programmes_kpi_change", args=[kpi.pk])
    answer = administrator.post(address, form_data(administrator.get(address), name_en="Renamed by hand"))
    assert answer.status_code == 302
    assert "Renamed by hand" in Client().get(PAGE).content.decode()


def test_an_upload_comes_and_goes(
    send: Callable[..., Upload],  # noqa: F811 - the fixture
    user: Callable[[str], User],
) -> None:
    revisions = "/en/programmes/almaty-2025/kpis/KPI-7/revisions/"
    upload = send(
        "indicator_8-6-1.csv", "Year,UNIT_MEASURE,REF_AREA,URBANISATION,SEX,Value\n2023,PT,KZALA,,,5.37\n"
    )
    before = Client().get(revisions).content
    confirm_upload(upload=upload, by=user("analyst"), reason="Final figures")
    apply_upload(upload.pk)
    applied = Client().get(revisions).content
    assert "5.37" in applied.decode()
    revert_upload(upload=upload, by=user("analyst"), reason="The wrong file")
    undo_upload(upload.pk)
    assert Client().get(revisions).content not in {before, applied}


def test_work_behind_the_scenes_leaves_the_pages_alone(user: Callable[[str], User]) -> None:
    before = public_states().mark()
    analyst = user("analyst")
    analyst.language = "ru"
    analyst.save()
    assert public_states().mark() == before


@pytest.mark.parametrize("role", ["analyst", "deputy", "administrator"])
def test_a_page_of_somebody_logged_in_is_never_kept(client_of: Callable[[str], Client], role: str) -> None:
    client = client_of(role)
    own = client.get(PAGE)
    assert f"{role}@" in own.content.decode()
    assert own.headers["Cache-Control"] == "private, no-store"
    assert f"{role}@" not in Client().get(PAGE).content.decode()
    assert f"{role}@" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "address", ["/en/accounts/login/", f"{PAGE}?as_of=nonsense", "/en/nowhere/", "/en/uploads/"]
)
def test_forms_messages_and_refusals_are_not_kept(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(type(cache), "set", lambda self, key, *rest: kept.append(key), raising=False)
    Client().get(address)
    assert kept == []


def test_pages_are_computed_while_redis_is_away(settings: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    with pytest.raises(RedisIsAwayError):
        cache.get("anything")
    assert queries(Client()) > 1
    assert queries(Client()) > 1


def test_an_address_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.caching.MOST_PAGES", 1)
    assert queries(Client(), f"{PAGE}?x=1") > 1
    assert queries(Client(), f"{PAGE}?x=2") > 1
    assert queries(Client(), f"{PAGE}?x=2") > 1
    assert queries(Client(), f"{PAGE}?x=1") == 1


def test_a_cdn_is_told_for_how_long_it_need_not_ask(settings: Any) -> None:
    assert "CDN-Cache-Control" not in Client().get(PAGE).headers
    settings.CDN_SECONDS = 10
    told = "max-age=10, stale-while-revalidate=10, stale-if-error=86400"
    for path in (f"{PAGE}?year=2020", "/api/v1/programmes/?limit=2"):
        first = Client().get(path)
        assert first.headers["CDN-Cache-Control"] == told
        again = Client().get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.headers["CDN-Cache-Control"]) == (304, told)
        assert "s-maxage" not in first.headers["Cache-Control"], "browsers ask each time, as before"


def test_nothing_of_ones_own_is_for_a_cdn(settings: Any, client_of: Callable[[str], Client]) -> None:
    settings.CDN_SECONDS = 10
    answer = client_of("analyst").get(PAGE)
    assert "CDN-Cache-Control" not in answer.headers
    assert "private" in answer.headers["Cache-Control"]
