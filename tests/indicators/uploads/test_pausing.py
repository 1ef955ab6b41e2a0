"""Publishing is paused: uploads wait, and go on by themselves afterwards."""

import datetime as dt
from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.services.keys import KEYWORD, Scope, issue_key
from indicators.models import ObservationRevision, PublishingPause, Series, Upload
from indicators.services.pausing import PauseError, pause_publishing, resume_publishing
from indicators.services.publishing import Figure, PublishingPausedError, publish
from indicators.services.reverting import revert_upload, undo_upload
from indicators.services.uploading import (
    MOST_ATTEMPTS,
    UploadError,
    apply_upload,
    confirm_upload,
    preview_upload,
    unfinished_uploads,
)
from indicators.tasks import apply_upload_task
from programmes.models import LoadedPackage
from tests.indicators.test_publishing import figure
from tests.indicators.uploads.conftest import Send

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
NEET = "indicator_8-6-1.csv"
ROWS = "Year,REF_AREA,SEX,Value\n2024,KZALA,,5.4\n"
WHY = "The annual revision is being checked"


@pytest.fixture
def pause(user: Cast) -> Callable[[], PublishingPause]:
    return lambda: pause_publishing(by=user("administrator"), reason=WHY)


def state(upload: Upload) -> str:
    upload.refresh_from_db()
    return upload.state


def test_nothing_passes_the_door_but_what_changes_nothing(pause: Callable[[], object]) -> None:
    publish([figure("1")])
    pause()
    before = ObservationRevision.objects.count()
    with pytest.raises(PublishingPausedError, match=WHY), transaction.atomic():
        publish([figure("2")], reason="because")
    assert ObservationRevision.objects.count() == before
    assert publish([figure("1")]).unchanged == 1


def test_a_confirmed_upload_waits_and_is_published_afterwards(
    send: Send, user: Cast, pause: Callable[[], object]
) -> None:
    upload = send(NEET, ROWS)
    confirm_upload(upload=upload, by=user("analyst"), reason="")
    pause()
    for _ in range(MOST_ATTEMPTS + 2):
        apply_upload_task(upload.pk)
    assert state(upload) == "confirmed"
    assert upload.attempts == 0
    resume_publishing(by=user("administrator"))
    Upload.objects.filter(pk=upload.pk).update(changed_at=timezone.now() - dt.timedelta(minutes=1))
    assert upload in unfinished_uploads()
    apply_upload_task(upload.pk)
    assert state(upload) == "applied"


def test_an_upload_that_confirms_itself_waits_too(
    send: Send, user: Cast, pause: Callable[[], object]
) -> None:
    pause()
    upload = send(NEET, ROWS)
    Upload.objects.filter(pk=upload.pk).update(state="received", confirms_itself=True)
    preview_upload(upload.pk)
    assert state(upload) == "confirmed"
    assert apply_upload(upload.pk) is None
    resume_publishing(by=user("administrator"))
    assert apply_upload(upload.pk)


def test_nobody_confirms_or_undoes_meanwhile(send: Send, user: Cast, pause: Callable[[], object]) -> None:
    first, second = send(NEET, ROWS), send(NEET, ROWS.replace("2024", "2023"))
    confirm_upload(upload=first, by=user("analyst"))
    apply_upload(first.pk)
    revert_upload(upload=first, by=user("analyst"), reason="a mistake")
    pause()
    assert undo_upload(first.pk) is None
    assert state(first) == "reverting"
    with pytest.raises(UploadError) as refused:
        confirm_upload(upload=second, by=user("analyst"))
    assert refused.value.code == "publishing_paused"
    resume_publishing(by=user("administrator"))
    assert undo_upload(first.pk)


def test_the_page_has_a_banner_and_refuses_with_the_reason(
    send: Send, client_of: Browser, pause: Callable[[], object]
) -> None:
    upload, client = send(NEET, ROWS), client_of("analyst")
    assert "Publishing is paused" not in client.get("/en/uploads/").content.decode()
    pause()
    for path in ("uploads/", f"uploads/{upload.pk}/", "reports/"):
        text = client.get(f"/en/{path}").content.decode()
        assert "Publishing is paused." in text
        assert WHY in text
    answer = client.post(f"/en/uploads/{upload.pk}/confirm/")
    [said] = [str(each) for each in get_messages(answer.wsgi_request)]
    assert said == (
        f"An administrator has paused publishing ({WHY}). Nothing is lost: try again once the pause is over."
    )
    assert state(upload) == "previewed"


def test_a_machine_is_refused_with_a_number(send: Send, user: Cast, pause: Callable[[], object]) -> None:
    upload = send(NEET, ROWS)
    _key, text = issue_key(user=user("analyst"), label="machine", scopes=[Scope.UPLOADS])
    pause()
    headers = {"Authorization": f"{KEYWORD} {text}", "Accept-Language": "en"}
    answer = Client().post(f"/api/v1/uploads/{upload.pk}/confirm/", headers=headers)
    assert answer.status_code == 409
    [flaw] = answer.json()["errors"]
    assert (flaw["number"], flaw["code"]) == (5003, "publishing_paused")
    assert WHY in flaw["detail"]


def test_figures_of_files_wait_for_the_next_start(pause: Callable[[], object]) -> None:
    series = Series.objects.filter(source__code="bureau", observations__value__isnull=False).earliest("pk")
    row = series.observations.filter(value__isnull=False).earliest("period_start")
    assert row.value is not None
    other = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, series.frequency,
        row.period_start, row.value + 1, "A", "a test",
    )  # fmt: skip
    publish([other], reason="not what the file says")
    LoadedPackage.objects.all().delete()
    pause()
    with pytest.raises(CommandError, match="Publishing is paused"):
        call_command("load_data", verbosity=0)
    said = StringIO()
    call_command("prepare", verbosity=0, stderr=said)
    assert "wait for the next start" in said.getvalue()
    assert series.observations.get(period_start=row.period_start).value == other.value


def test_a_pause_needs_a_reason_is_one_at_a_time_and_is_in_the_trail(user: Cast) -> None:
    boss = user("administrator")
    with pytest.raises(PauseError, match="reason_required"):
        pause_publishing(by=boss, reason="  ")
    with pytest.raises(PauseError, match="not_paused"):
        resume_publishing(by=boss)
    pause_publishing(by=boss, reason=WHY)
    with pytest.raises(PauseError, match="already_paused"):
        pause_publishing(by=boss, reason="again")
    resume_publishing(by=boss)
    pause_publishing(by=boss, reason="another")
    events = AuditEvent.objects.filter(action__startswith="publishing.").order_by("pk")
    assert [(each.action, each.reason) for each in events] == [
        ("publishing.paused", WHY),
        ("publishing.resumed", ""),
        ("publishing.paused", "another"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishingPause.objects.create(reason="", began_at=timezone.now(), began_by=boss)


@pytest.mark.parametrize("role", ["analyst", "approver", "coordinator", "deputy", "anonymous"])
def test_only_administrators_pause(client_of: Browser, role: str) -> None:
    for path in ("pause", "resume"):
        assert client_of(role).post(f"/en/status/publishing/{path}/", {"reason": "x"}).status_code in {
            302,
            403,
        }
    assert not PublishingPause.objects.exists()


def test_an_administrator_of_a_town_does_not_pause_the_country(client_of: Browser, user: Cast) -> None:
    client = client_of("administrator")
    user("administrator").mandates.update(territory=user("almaty.analyst").mandates.get().territory_id)
    assert client.get("/en/status/").status_code == 200
    assert client.post("/en/status/publishing/pause/", {"reason": "x"}).status_code == 403
    assert not PublishingPause.objects.exists()


def test_the_page_pauses_and_ends_the_pause(client_of: Browser) -> None:
    client = client_of("administrator")
    client.post("/en/status/publishing/pause/", {"reason": " "}, follow=True)
    assert not PublishingPause.objects.exists()
    assert (
        "Publishing is paused."
        in client.post("/en/status/publishing/pause/", {"reason": WHY}, follow=True).content.decode()
    )
    text = client.post("/en/status/publishing/resume/", follow=True).content.decode()
    assert "The pause is over." in text
    assert not PublishingPause.objects.filter(ended_at=None).exists()
