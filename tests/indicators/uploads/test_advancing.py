"""How far a worker has got, as the page shows it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from indicators.models import Upload
from indicators.services import advancing
from indicators.services.advancing import Advance, Step, Teller, advance_of

pytestmark = pytest.mark.django_db

Send = Callable[..., Upload]
Browser = Callable[[str], Client]
TABLE = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n"


class Record(list[Any]):
    """Everything that is told, in place of the cache, which keeps the last word only."""

    def set(self, key: str, value: Any, timeout: int) -> None:
        """Takes one word."""
        self.append(value)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Record:
    """What is told, however fast."""
    record = Record()
    monkeypatch.setattr(advancing, "TOLD_EVERY", 0)
    monkeypatch.setattr(advancing, "cache", record)
    return record


def waiting_line(upload: Upload, client_of: Browser) -> str:
    page = reverse("indicators:upload-progress", args=[upload.pk])
    return client_of("analyst").get(page, headers={"Accept-Language": "en"}).content.decode()


def test_reading_tells_its_steps_in_order_and_its_growing_share(send: Send, told: Record) -> None:
    rows = "".join(f"population,KZALA,{1950 + year},{number}\n" for number in range(50) for year in range(70))
    send("table.csv", TABLE + rows)
    assert [step for step, share in told if share is None] == ["opening", "comparing"]
    shares = [share for step, share in told if step == "reading"]
    assert shares == sorted(shares)
    assert len(shares) == 4
    assert 0 <= shares[-1] <= 1


def test_the_page_shows_step_and_share(send: Send, client_of: Browser) -> None:
    upload = send("table.csv", TABLE + "neet-share,KZALA,2024,5.4\n")
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.RECEIVED)
    Teller(upload.pk).share(Step.READING)(0.42)
    assert advance_of(upload.pk) == Advance(Step.READING, 0.42)
    assert 'max="100" value="42"' in waiting_line(upload, client_of)


def test_the_last_steps_word_is_not_shown_for_the_next_step(send: Send, client_of: Browser) -> None:
    upload = send("table.csv", TABLE + "neet-share,KZALA,2024,5.4\n")
    analyst = upload.user_id
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.CONFIRMED, confirmed_by=analyst)
    Teller(upload.pk).share(Step.READING)(0.42)
    assert "value=" not in waiting_line(upload, client_of)


def test_without_the_cache_the_bar_is_indeterminate_and_the_work_goes_on(
    send: Send, client_of: Browser, settings: Settings
) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock"}}
    upload = send("table.csv", TABLE + "neet-share,KZALA,2024,5.4\n")
    assert upload.state == Upload.State.PREVIEWED
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.RECEIVED)
    shown = waiting_line(upload, client_of)
    assert "<progress" in shown
    assert "value=" not in shown


def test_what_is_told_in_quick_succession_is_told_once() -> None:
    share = Teller(1).share(Step.READING)
    share(0.1)
    share(0.9)
    assert advance_of(1) == Advance(Step.READING, 0.1)
