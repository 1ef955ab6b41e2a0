"""The primary is switched off: what readers and writers see meanwhile, and how it ends."""

import signal
from collections.abc import Iterator
from statistics import median

import pytest
from django.utils.translation import gettext, override

from tests.hosts.conftest import Pair, Serve
from tests.patience import eventually

pytestmark = pytest.mark.django_db
PAGE = "/en/programmes/almaty-2025/"
LIST = "/api/v1/programmes/"


@pytest.fixture
def switched_off(pair: Pair) -> Iterator[Pair]:
    """The pair, whose primary runs again afterwards."""
    yield pair
    if pair.primary.process and pair.primary.process.poll() is not None:
        pair.primary.start()
    eventually(lambda: pair.on_replica("SELECT count(*) FROM pg_stat_wal_receiver") == 1)


def switch_off(pair: Pair) -> None:
    pair.primary.stop(signal.SIGQUIT)


def test_public_reading_goes_on_from_the_replica(switched_off: Pair, serve: Serve) -> None:
    web = serve()
    assert web.get(PAGE).status_code == 200
    switch_off(switched_off)
    for path in (
        PAGE,
        "/kk/",
        "/ru/programmes/almaty-2025/kpis/KPI-4/",
        LIST,
        "/api/v1/kpis/?limit=3",
        f"{LIST}?format=csv",
        "/readyz",
    ):
        answer = web.get(path)
        assert (path, answer.status_code) == (path, 200)
    assert web.get("/readyz").json()["status"] == "read-only"


def test_a_reader_notices_nothing_of_the_moment_in_which_it_happens(switched_off: Pair, serve: Serve) -> None:
    web = serve(REPLICA_LAG_SECONDS="0.000001")  # it reads from the primary as long as that answers
    assert web.get(PAGE).status_code == 200
    switch_off(switched_off)
    assert web.get("/en/programmes/almaty-2025/kpis/KPI-4/").status_code == 200
    assert web.get(f"{PAGE}?as_of=2024-01-01").status_code == 503


def test_who_is_logged_in_or_has_a_key_reads_on(switched_off: Pair, serve: Serve) -> None:
    """What would be noted of them, when they were seen, is not."""
    web = serve()
    key = switched_off.key_of("analyst", "uploads")
    busy = switched_off.session_of("analyst", idle_seconds=600)
    idle = switched_off.session_of("analyst", idle_seconds=24 * 3600)
    switched_off.wait_for_replica()
    switch_off(switched_off)
    web.get("/readyz")  # finds it out
    assert web.get(LIST, headers=key).status_code == 200
    assert web.get("/en/notices/", cookies=busy, allow_redirects=False).status_code == 200
    assert web.get("/en/notices/", cookies=idle, allow_redirects=False).status_code == 302


def test_writing_is_answered_with_what_to_do(switched_off: Pair, serve: Serve) -> None:
    web = serve()
    switch_off(switched_off)
    web.get("/readyz")  # finds it out
    for language in ("en", "ru", "kk"):
        page = web.post(f"/{language}/accounts/login/", data={"login": "a"}, headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
        problem = web.post("/api/v1/entries/bulk/", json={}, headers={"Accept-Language": language})
        assert (problem.status_code, problem.headers["Retry-After"]) == (503, "10")
        assert problem.headers["Content-Type"] == "application/problem+json"
        assert problem.json()["code"] == "read_only"
        with override(language):
            assert f'lang="{language}"' in page.text
            assert gettext("Nothing can be saved just now") in page.text
            sentence = (
                "Nothing can be saved just now. Nothing was changed: send the same again in a few seconds."
            )
            assert problem.json()["detail"] == gettext(sentence)


def test_the_entry_grid_is_told_in_its_own_language(switched_off: Pair, serve: Serve) -> None:
    """It keeps what is typed in the browser as long as answers are 5xx (static/js/sheet/server.js)."""
    web = serve()
    switch_off(switched_off)
    web.get("/readyz")
    saved = web.post("/kk/reports/x/save/", json={"cells": []}, headers={"Accept": "application/json"})
    assert (saved.status_code, saved.json()["code"]) == (503, "read_only")


@pytest.mark.parametrize("replica", [True, False])
def test_how_each_part_is_can_be_asked_all_the_while(switched_off: Pair, serve: Serve, replica: bool) -> None:
    web = serve() if replica else serve(REPLICA_URL="")
    switch_off(switched_off)
    assert (web.get("/readyz").status_code == 200) is replica
    assert web.get("/healthz").status_code == 200, "or an orchestrator would end this process"
    told = web.get("/metrics?of=portal")
    assert told.status_code == 200
    assert 'bagdar_part_answers{part="database"} 0.0' in told.text
    assert web.get("/metrics?of=host").status_code == 200


def test_nobody_waits_for_a_server_that_is_away(switched_off: Pair, serve: Serve) -> None:
    web = serve()
    switch_off(switched_off)
    web.get("/readyz")
    answers = [web.post("/en/accounts/login/") for _ in range(20)]
    assert {each.status_code for each in answers} == {503}
    assert median(each.elapsed.total_seconds() for each in answers) < 1


def test_it_ends_by_itself(switched_off: Pair, serve: Serve) -> None:
    web = serve()
    switch_off(switched_off)
    assert web.get("/readyz").json()["status"] == "read-only"
    switched_off.primary.start()
    eventually(lambda: web.get("/readyz").json()["status"] == "ready")
    assert web.post("/en/accounts/login/").status_code == 403, "a form without a token, as ever"


def test_without_a_replica_what_is_kept_is_answered(switched_off: Pair, serve: Serve) -> None:
    web = serve(REPLICA_URL="")
    kept = [web.get(path) for path in (PAGE, LIST)]
    switch_off(switched_off)
    again = [web.get(path) for path in (PAGE, LIST)]
    assert [each.text for each in again] == [each.text for each in kept]
    assert [each.headers["ETag"] for each in again] == [each.headers["ETag"] for each in kept]
    never_asked = web.get("/en/programmes/", headers={"Accept": "text/html"})
    assert (never_asked.status_code, never_asked.headers["Retry-After"]) == (503, "10")
    assert "This page cannot be shown just now" in never_asked.text
