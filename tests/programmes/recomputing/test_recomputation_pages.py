"""Administrators watch, start and cancel recomputations; nobody else does."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from programmes.models import Kpi, ProgressRun, Standing, TouchedKpi
from programmes.services import recomputing, running
from programmes.services.running import start_run, work_on
from programmes.services.watching import watch

pytestmark = pytest.mark.django_db
LIST = "/en/recomputations/"
API = "/api/v1/recomputations/"
Clients = Callable[[str], Client]
OTHERS = ["analyst", "approver", "coordinator", "deputy"]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> ProgressRun:
    """A run of several parts, of which one is done."""
    monkeypatch.setattr(running, "PLACES_IN_A_CHUNK", 60)
    started = start_run()
    work_on(started.pk)
    return started


def addresses(run: ProgressRun) -> list[tuple[str, str]]:
    return [
        ("get", LIST),
        ("get", reverse("programmes:recomputation-progress", args=[run.pk])),
        ("post", reverse("programmes:recomputation-start")),
        ("post", reverse("programmes:recomputation-cancel", args=[run.pk])),
        ("post", reverse("programmes:recomputation-try-again")),
    ]


@pytest.mark.parametrize("name", OTHERS)
def test_others_are_refused(client_of: Clients, run: ProgressRun, name: str) -> None:
    client = client_of(name)
    for method, path in addresses(run):
        assert getattr(client, method)(path).status_code == 403, path
    for path in (API, f"{API}{run.pk}/"):
        assert client.get(path).status_code == 403
    assert client.post(API).status_code == 403
    run.refresh_from_db()
    assert run.state == ProgressRun.State.RUNNING


def test_strangers_are_asked_to_log_in(client: Client, run: ProgressRun) -> None:
    for method, path in addresses(run):
        assert getattr(client, method)(path).status_code == 302, path
    assert client.get(API).status_code == 403


def test_a_run_shows_how_far_it_has_come(client_of: Clients, run: ProgressRun) -> None:
    watched = watch(run)
    assert 0 < watched.share < 1
    assert watched.left is not None
    page = client_of("administrator").get(LIST).content.decode()
    assert f"1 / {watched.parts}" in page
    assert "hx-get" in page
    answer = client_of("administrator").get(f"{API}{run.pk}/").json()
    assert (answer["state"], answer["parts_done"], answer["parts"]) == ("running", 1, watched.parts)
    assert answer["seconds_left"] > 0


def test_a_run_is_cancelled_from_its_page(client_of: Clients, run: ProgressRun) -> None:
    client = client_of("administrator")
    client.post(reverse("programmes:recomputation-cancel", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == ProgressRun.State.CANCELLED
    page = client.get(LIST).content.decode()
    assert "cancelled" in page
    assert "hx-get" not in page


def test_a_run_is_started_and_cancelled_by_the_api(client_of: Clients) -> None:
    client = client_of("administrator")
    started = client.post(API)
    assert started.status_code == 201
    assert client.post(API).status_code == 409
    run = started.json()
    assert run["started_by"] == "administrator@bagdar.example"
    assert client.post(f"{API}{run['id']}/cancel/").json()["state"] == "cancelled"
    assert client.post(f"{API}{run['id']}/cancel/").status_code == 409
    assert client.get(f"{API}999999/").status_code == 404


def test_a_kpi_that_failed_too_often_is_shown_and_tried_again(client_of: Clients) -> None:
    kpi = Kpi.objects.get(code="KPI-7")
    Standing.objects.filter(kpi=kpi).delete()
    TouchedKpi.objects.create(kpi=kpi, attempts=recomputing.ATTEMPTS, error="ArithmeticError('impossible')")
    client = client_of("administrator")
    assert "ArithmeticError" in client.get(LIST).content.decode()
    client.post(reverse("programmes:recomputation-try-again"))
    recomputing.drain_outbox()
    assert Standing.objects.filter(kpi=kpi).exists()
    assert not TouchedKpi.objects.exists()
