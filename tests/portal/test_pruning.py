"""What has been kept long enough is forgotten; what happened never is."""

import datetime as dt
import os
from collections.abc import Callable
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditEvent, KeptAnswer, User
from indicators.models import Notice, Observation, ObservationRevision, StagedFigure, Upload
from indicators.services.uploading import apply_upload, confirm_upload
from portal.models import Delivery, Hook
from portal.services import pruning
from portal.services.pruning import RULES, PruningError, prune
from tests.indicators.uploads.conftest import Send, send

__all__ = ["send"]  # the fixture
pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
ROWS = "Year,REF_AREA,SEX,Value\n2024,KZALA,,5.4\n2024,KZAKM,,6.1\n"


def test_cells_of_uploads_that_are_over_go_and_the_upload_stays(
    send: Send, user: Cast, client_of: Callable[[str], Client]
) -> None:
    over, waiting = send("indicator_8-6-1.csv", ROWS), send("indicator_8-6-1.csv", ROWS.replace("6.1", "6.2"))
    confirm_upload(upload=over, by=user("analyst"), reason="x")
    apply_upload(over.pk)
    published = Observation.objects.count(), ObservationRevision.objects.count()
    assert StagedFigure.objects.filter(upload=over).exists()
    prune(timezone.now() + dt.timedelta(days=89))
    assert StagedFigure.objects.filter(upload=over).exists()
    assert prune(timezone.now() + dt.timedelta(days=91))["staged_figures"] > 0
    assert not StagedFigure.objects.filter(upload=over).exists()
    assert StagedFigure.objects.filter(upload=waiting).exists()
    assert (Observation.objects.count(), ObservationRevision.objects.count()) == published
    assert Upload.objects.get(pk=over.pk).file.storage.exists(over.file.name or "")
    assert client_of("analyst").get(f"/en/uploads/{over.pk}/").status_code == 200


def test_notices_go_once_their_letter_is_sent(user: Cast) -> None:
    for key, by_letter, sent in (("1", False, None), ("2", True, timezone.now()), ("3", True, None)):
        Notice.objects.create(
            user=user("analyst"), kind="approved", key=key, path="/", by_letter=by_letter, mailed_at=sent
        )
    assert prune(timezone.now() + dt.timedelta(days=364))["notices"] == 0
    assert prune(timezone.now() + dt.timedelta(days=366))["notices"] == 2
    assert Notice.objects.get().key == "3"


def test_expired_sessions_old_answers_and_the_log_of_hooks_go(user: Cast, client_of: object) -> None:
    store = import_module("django.contrib.sessions.backends.db").SessionStore
    for days in (-1, 1):
        session = store()
        session.set_expiry(timezone.now() + dt.timedelta(days=days))
        session.save()
    hook = Hook.objects.create(user=user("analyst"), url="https://example.org/", events=["figures.published"])
    Delivery.objects.create(hook=hook, event="test", body="{}")
    KeptAnswer.objects.create(
        user=user("analyst"), key="k", fingerprint="0" * 64, status=200, body=b"",
        kept_at=timezone.now() - dt.timedelta(hours=25),
    )  # fmt: skip
    prune(timezone.now())
    assert not Session.objects.filter(expire_date__lt=timezone.now()).exists()
    assert Session.objects.exists()
    assert not KeptAnswer.objects.exists()
    assert Delivery.objects.exists()
    prune(timezone.now() + dt.timedelta(days=31))
    assert not Delivery.objects.exists()


def test_letters_in_the_folder_go(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    for name, days in (("old.log", 31), ("new.log", 29)):
        (tmp_path / name).write_text("To: somebody")
        moment = (timezone.now() - dt.timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    assert prune(timezone.now())["letters"] == 1
    assert [each.name for each in tmp_path.iterdir()] == ["new.log"]


def test_nought_days_is_for_ever(user: Cast, settings: Settings) -> None:
    settings.KEPT_DAYS = {**settings.KEPT_DAYS, "notices": 0}
    Notice.objects.create(user=user("analyst"), kind="approved", key="1", path="/", by_letter=False)
    assert "notices" not in prune(timezone.now() + dt.timedelta(days=36_500))
    assert Notice.objects.exists()


def test_one_rule_that_fails_keeps_no_other_from_its_work(
    user: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Notice.objects.create(user=user("analyst"), kind="approved", key="1", path="/", by_letter=False)

    def refuse(before: dt.datetime) -> int:
        raise OSError("the disk is read-only")

    monkeypatch.setitem(pruning.RULES, "letters", refuse)
    with pytest.raises(PruningError, match="letters"):
        prune(timezone.now() + dt.timedelta(days=366))
    assert not Notice.objects.exists()
    with pytest.raises(CommandError, match="letters"):
        call_command("prune")


def test_the_command_says_how_much_of_what() -> None:
    said = StringIO()
    call_command("prune", stdout=said)
    assert [line.partition(":")[0] for line in said.getvalue().splitlines()] == list(RULES)


def test_what_happened_is_never_forgotten() -> None:
    before = AuditEvent.objects.count(), ObservationRevision.objects.count(), Observation.objects.count()
    prune(timezone.now() + dt.timedelta(days=36_500))
    assert before == (
        AuditEvent.objects.count(), ObservationRevision.objects.count(), Observation.objects.count()
    )  # fmt: skip
