"""Undoing an applied upload: what it would change is shown, and nothing newer is lost."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from indicators.models import Observation, ObservationRevision, Series, TouchedSeries, Upload
from indicators.services.publishing import Figure, publish
from indicators.services.reverting import figures_to_undo, newer_figures, revert_upload, undo_upload
from indicators.services.uploading import (
    UploadError,
    apply_upload,
    confirm_upload,
    preview_upload,
    unfinished_uploads,
)

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
Send = Callable[..., Upload]
Apply = Callable[..., Upload]
HEAD = "Year,UNIT_MEASURE,REF_AREA,URBANISATION,SEX,Value\n"
NEET = "indicator_8-6-1.csv"
BOTH = HEAD + "2023,PT,KZALA,,,5.3\n2024,PT,KZALA,,,5.4\n"


@pytest.fixture
def applied(send: Send, user: Cast) -> Apply:
    """`applied(rows)`: an upload of the Bureau's file, confirmed and published."""

    def way(content: str = BOTH, reason: str = "Final figures") -> Upload:
        upload = send(NEET, content)
        confirm_upload(upload=upload, by=user("analyst"), reason=reason)
        apply_upload(upload.pk)
        upload.refresh_from_db()
        return upload

    return way


def figure(year: int) -> Observation:
    return Observation.objects.get(
        series__indicator__code="neet-share", series__territory__code="almaty", series__breakdown__code="",
        series__source__code="bureau", period_start=dt.date(year, 1, 1),
    )  # fmt: skip


def undo(upload: Upload, by: User) -> Upload:
    revert_upload(upload=upload, by=by, reason="The wrong file")
    undo_upload(upload.pk)
    upload.refresh_from_db()
    return upload


def test_it_shows_what_each_figure_would_become(applied: Apply) -> None:
    shown: Any = figures_to_undo(applied())
    assert [(row.origin, row.value, row.value_before, row.status_before) for row in shown] == [
        ("F2", Decimal("5.3"), Decimal("5.2"), "A"),
        ("F3", Decimal("5.4"), None, None),
    ]


def test_a_changed_figure_takes_back_its_earlier_value_and_a_new_one_is_missing(
    applied: Apply, user: Cast
) -> None:
    upload = undo(applied(), user("analyst"))
    assert (upload.state, upload.counts["undone"]) == (Upload.State.REVERTED, 2)
    assert (figure(2023).value, figure(2023).status) == (Decimal("5.2"), "A")
    assert (figure(2024).value, figure(2024).status) == (None, "O")
    latest = ObservationRevision.objects.filter(series=figure(2024).series).order_by("-pk")[:2]
    assert {(row.reason, row.user, row.upload) for row in latest} == {
        ("The wrong file", user("analyst"), None)
    }


def test_the_figures_of_the_day_before_can_still_be_asked_for(applied: Apply, user: Cast) -> None:
    upload = applied()
    before = timezone.now()
    undo(upload, user("analyst"))
    known = Observation.objects.filter(series=figure(2024).series).as_of(before)
    assert known.get(period_start=dt.date(2024, 1, 1)).value_then == Decimal("5.4")  # type: ignore[attr-defined]


def test_progress_is_told(applied: Apply, user: Cast) -> None:
    upload = applied()
    TouchedSeries.objects.all().delete()
    undo(upload, user("analyst"))
    assert TouchedSeries.objects.get().series == figure(2024).series


def test_it_needs_a_reason(applied: Apply, user: Cast) -> None:
    with pytest.raises(UploadError, match="reason_required"):
        revert_upload(upload=applied(), by=user("analyst"), reason=" ")


def test_only_an_applied_upload_is_undone(send: Send, applied: Apply, user: Cast) -> None:
    with pytest.raises(UploadError, match="not_now"):
        revert_upload(upload=send(NEET, BOTH), by=user("analyst"), reason="x")
    upload = undo(applied(), user("analyst"))
    with pytest.raises(UploadError, match="not_now"):
        revert_upload(upload=upload, by=user("analyst"), reason="x")


def test_who_undoes_needs_the_mandate(applied: Apply, user: Cast) -> None:
    upload = applied()
    with pytest.raises(UploadError, match="foreign_source"):
        revert_upload(upload=upload, by=user("almaty.analyst"), reason="x")
    elsewhere = applied(HEAD + "2024,PT,KZAKM,,,5.4\n")
    with pytest.raises(UploadError, match="outside_mandate"):
        revert_upload(upload=elsewhere, by=user("almaty.analyst"), reason="x")


def test_figures_that_were_changed_since_keep_it_from_being_undone(applied: Apply, user: Cast) -> None:
    first = applied()
    second = applied(HEAD + "2024,PT,KZALA,,,5.5\n")
    with pytest.raises(UploadError, match="newer_figures") as refused:
        revert_upload(upload=first, by=user("analyst"), reason="x")
    assert refused.value.params == {"count": 1}
    assert newer_figures(first).get().upload == second


def test_uploads_are_undone_one_after_the_other_the_last_first(applied: Apply, user: Cast) -> None:
    first = applied()
    second = applied(HEAD + "2024,PT,KZALA,,,5.5\n")
    undo(second, user("analyst"))
    restored = ObservationRevision.objects.filter(series=figure(2024).series).latest("pk")
    assert (restored.value, restored.upload, restored.origin) == (Decimal("5.4"), first, "F3")
    undo(first, user("analyst"))
    assert (figure(2023).value, figure(2024).value) == (Decimal("5.2"), None)


def test_what_was_published_after_the_decision_leaves_it_applied_and_says_why(
    applied: Apply, user: Cast
) -> None:
    upload = applied()
    revert_upload(upload=upload, by=user("analyst"), reason="x")
    series = Series.objects.get(pk=figure(2024).series_id)
    publish(
        [Figure(series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, "A",
                dt.date(2024, 1, 1), Decimal("7"), "A", "")],
        reason="Meanwhile",
    )  # fmt: skip
    assert undo_upload(upload.pk) is None
    upload.refresh_from_db()
    assert upload.state == Upload.State.APPLIED
    assert upload.failure == {"code": "newer_figures", "params": {"count": 1}}
    assert (figure(2023).value, figure(2024).value) == (Decimal("5.3"), Decimal("7"))


def test_undoing_twice_undoes_once(applied: Apply, user: Cast) -> None:
    upload = undo(applied(), user("analyst"))
    count = ObservationRevision.objects.count()
    assert undo_upload(upload.pk) is None
    assert ObservationRevision.objects.count() == count


def test_the_same_file_is_applied_again_afterwards(applied: Apply, user: Cast) -> None:
    undo(applied(), user("analyst"))
    assert applied(reason="It was right after all").counts["published"] == {
        "new": 0, "changed": 2, "unchanged": 0,
    }  # fmt: skip
    assert (figure(2023).value, figure(2024).value) == (Decimal("5.3"), Decimal("5.4"))


def test_a_lost_undoing_is_found_by_the_sweep_and_given_up_after_three(applied: Apply, user: Cast) -> None:
    upload = applied()
    revert_upload(upload=upload, by=user("analyst"), reason="x")
    Upload.objects.filter(pk=upload.pk).update(
        attempts=3, changed_at=timezone.now() - dt.timedelta(minutes=1)
    )
    assert unfinished_uploads() == [upload]
    assert undo_upload(upload.pk) is None
    upload.refresh_from_db()
    assert (upload.state, upload.failure["code"]) == (Upload.State.APPLIED, "gave_up_undoing")  # type: ignore[index]
    assert undo(upload, user("analyst")).state == Upload.State.REVERTED


def test_the_page_shows_both_values_and_takes_the_decision(applied: Apply, client_of: Browser) -> None:
    upload = applied()
    client, page = client_of("analyst"), reverse("indicators:upload-revert", args=[upload.pk])
    shown = client.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert "F2" in shown
    assert "F3" in shown
    client.post(page, {"reason": ""})
    upload.refresh_from_db()
    assert upload.state == Upload.State.APPLIED
    response = client.post(page, {"reason": "The wrong file"})
    assert response.headers["Location"] == reverse("indicators:upload-detail", args=[upload.pk])
    upload.refresh_from_db()
    assert upload.state == Upload.State.REVERTING
    assert client.get(response.headers["Location"]).status_code == 200
    undo_upload(upload.pk)
    assert "The wrong file" in client.get(response.headers["Location"]).content.decode()


def test_the_page_names_what_is_in_the_way_with_its_upload(applied: Apply, client_of: Browser) -> None:
    first, second = applied(), applied(HEAD + "2024,PT,KZALA,,,5.5\n")
    page = reverse("indicators:upload-revert", args=[first.pk])
    shown = client_of("analyst").get(page).content.decode()
    assert reverse("indicators:upload-detail", args=[second.pk]) in shown
    assert "<form class" not in shown.split("<main")[1]
    assert client_of("almaty.analyst").get(page).status_code == 404
    assert client_of("approver").get(page).status_code == 403


def test_the_preview_that_comes_after_sees_the_withdrawn_figure_as_a_change(
    applied: Apply, send: Send, user: Cast
) -> None:
    undo(applied(HEAD + "2024,PT,KZALA,,,5.4\n"), user("analyst"))
    again = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n")
    preview_upload(again.pk)
    assert again.counts == {"changed": 1, "missing": 0}
