"""An upload's way: what it finds, what it publishes, and what it leaves alone."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from indicators.models import Indicator, Observation, ObservationRevision, Source, StagedFigure, Upload
from indicators.services.uploading import (
    UploadError,
    apply_upload,
    cell_address,
    confirm_upload,
    preview_upload,
    read_again,
    receive_upload,
    unfinished_uploads,
)
from programmes.models import Progress, Standing
from programmes.services.recomputing import drain_outbox, recompute

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Send = Callable[..., Upload]
HEAD = "Year,UNIT_MEASURE,REF_AREA,URBANISATION,SEX,Value\n"
NEET = "indicator_8-6-1.csv"


def figures(upload: Upload, change: str) -> list[tuple[str, Decimal | None]]:
    rows = upload.figures.filter(change=change).order_by("pk")
    return list(rows.values_list("territory__code", "value"))


def neet_of_almaty(year: int) -> Decimal | None:
    found = Observation.objects.get(
        series__indicator__code="neet-share", series__territory__code="almaty", series__breakdown__code="",
        series__source__code="bureau", period_start=dt.date(year, 1, 1),
    )  # fmt: skip
    value: Decimal | None = found.value
    return value


def test_it_tells_new_changed_unchanged_and_rejected_apart(send: Send) -> None:
    rows = ["2022,PT,KZALA,,,3.8", "2023,PT,KZALA,,,5.3", "2024,PT,KZALA,,,5.4", "2024,PT,KZXXX,,,1"]
    upload = send(NEET, HEAD + "\n".join([*rows, "2021,PT,KZALA,,,…"]))
    assert upload.state == Upload.State.PREVIEWED
    assert upload.counts == {"new": 1, "changed": 1, "unchanged": 1, "rejected": 1, "missing": 1}
    assert figures(upload, "new") == [("almaty", Decimal("5.4"))]
    assert upload.figures.get(change="changed").old_value == Decimal("5.2")
    assert upload.recognised[0]["indicators"] == ["neet-share"]


def test_nothing_is_published_before_it_is_confirmed(send: Send) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n")
    assert apply_upload(upload.pk) is None
    assert not Observation.objects.filter(
        series__indicator__code="neet-share", period_start__year=2024
    ).exists()


def test_applied_figures_reach_progress_with_their_cell(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n")
    confirm_upload(upload=upload, by=user("analyst"))
    assert apply_upload(upload.pk) == (1, 0, 0)
    assert drain_outbox() == 1
    progress = Progress.objects.get(kpi__code="KPI-7", year=2024)
    assert progress.pace == pytest.approx((5.4 - 6.3) / (5.1 - 6.3))
    assert progress.verdict == "missed"
    recompute(today=dt.date(2026, 11, 20))
    assert Standing.objects.get(kpi__code="KPI-7").standing == "at_risk"
    revision = ObservationRevision.objects.get(upload=upload)
    assert (revision.origin, revision.user) == ("F2", user("analyst"))


def test_the_revision_names_who_confirmed_it(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n", by="almaty.analyst", source="akimat-almaty")
    confirm_upload(upload=upload, by=user("almaty.analyst"))
    apply_upload(upload.pk)
    assert ObservationRevision.objects.get(upload=upload).user == user("almaty.analyst")


def test_an_akimat_does_not_speak_for_the_bureau(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n", by="almaty.analyst")
    with pytest.raises(UploadError, match="foreign_source"):
        confirm_upload(upload=upload, by=user("almaty.analyst"))


def test_a_figure_in_another_unit_is_rejected(send: Send) -> None:
    rows = (
        "INDICATOR,REF_AREA,TIME_PERIOD,UNIT_MEASURE,OBS_VALUE\npopulation,KZALA,2024,тыс. человек,2228.7\n"
    )
    upload = send("population.csv", rows)
    assert upload.figures.get().problem == "wrong_unit"


def test_what_the_analyst_says_comes_before_what_the_file_says(send: Send) -> None:
    rows = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nneet-share,KZALA,2024,5.4\n"
    upload = send("table.csv", rows)
    read_again(upload=upload, indicator=Indicator.objects.get(code="unemployment-rate"))
    preview_upload(upload.pk)
    assert upload.figures.get().indicator == Indicator.objects.get(code="unemployment-rate")


def test_a_change_of_status_alone_is_a_change(send: Send) -> None:
    head = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
    upload = send("table.csv", head + "neet-share,KZALA,2023,5.2,P\n")
    figure = upload.figures.get()
    assert (figure.change, figure.old_status, figure.status) == ("changed", "A", "P")


def test_an_upload_that_a_worker_holds_makes_nobody_wait(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n")
    confirm_upload(upload=upload, by=user("analyst"))
    with pytest.raises(UploadError, match="not_now"):
        confirm_upload(upload=upload, by=user("analyst"))


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_characters_that_no_database_holds_do_no_harm(send: Send, text: str) -> None:
    place = json.dumps("KZALA" + text)
    rows = f'[{{"INDICATOR": "neet-share", "REF_AREA": {place}, "TIME_PERIOD": "2024", "OBS_VALUE": 5.4}}]'
    assert send("table.json", rows).state == Upload.State.PREVIEWED


def test_a_gap_in_the_file_erases_nothing(send: Send) -> None:
    upload = send(NEET, HEAD + "2023,PT,KZALA,,,-\n2022,PT,KZALA,,,\n")
    assert upload.counts == {"missing": 2}
    assert neet_of_almaty(2023) == Decimal("5.2")


def test_a_change_needs_a_reason(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2023,PT,KZALA,,,5.3\n")
    with pytest.raises(UploadError, match="reason_required"):
        confirm_upload(upload=upload, by=user("analyst"))
    confirm_upload(upload=upload, by=user("analyst"), reason="Final figures")
    assert apply_upload(upload.pk) == (0, 1, 0)
    assert neet_of_almaty(2023) == Decimal("5.3")


def test_the_same_file_twice_changes_nothing(send: Send, user: Cast) -> None:
    for counts in ({"new": 1, "missing": 0}, {"unchanged": 1, "missing": 0}):
        upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n")
        assert upload.counts == counts
        if "new" in counts:
            confirm_upload(upload=upload, by=user("analyst"))
            apply_upload(upload.pk)
    with pytest.raises(UploadError, match="nothing_to_apply"):
        confirm_upload(upload=upload, by=user("analyst"))


def test_what_was_published_meanwhile_is_looked_at_again(send: Send, user: Cast) -> None:
    """Even with a reason at hand, only the difference that somebody saw is published."""
    first, second = (send(NEET, HEAD + f"2024,PT,KZALA,,,{value}\n") for value in ("5.4", "5.5"))
    for upload in (first, second):
        confirm_upload(upload=upload, by=user("analyst"), reason="Given beforehand")
    assert apply_upload(first.pk) == (1, 0, 0)
    assert apply_upload(second.pk) is None
    second.refresh_from_db()
    assert second.state == Upload.State.RECEIVED
    preview_upload(second.pk)
    second.refresh_from_db()
    assert second.counts == {"changed": 1, "missing": 0}
    assert neet_of_almaty(2024) == Decimal("5.4")


def test_a_figure_outside_the_mandate_is_rejected(send: Send) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n2024,PT,KZAKM,,,5.4\n", by="almaty.analyst")
    assert figures(upload, "new") == [("almaty", Decimal("5.4"))]
    assert upload.figures.get(change="rejected").problem == "outside_mandate"


def test_who_confirms_needs_the_mandate_too(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZAKM,,,5.4\n")
    with pytest.raises(UploadError, match="outside_mandate"):
        confirm_upload(upload=upload, by=user("almaty.analyst"))


def test_an_unrecognised_table_is_read_again_as_what_the_analyst_says(send: Send) -> None:
    upload = send("table.csv", "Год,Регион,Значение\n2024,г. Алматы,5.4\n")
    assert (upload.state, upload.failure["code"]) == (Upload.State.FAILED, "unknown_indicator")  # type: ignore[index]
    read_again(upload=upload, indicator=Indicator.objects.get(code="neet-share"))
    preview_upload(upload.pk)
    upload.refresh_from_db()
    assert figures(upload, "new") == [("almaty", Decimal("5.4"))]


def test_a_lost_upload_is_found_by_the_sweep(send: Send, user: Cast) -> None:
    upload = receive_upload(
        file=ContentFile(b"x", name="a.csv"), user=user("analyst"), source=Source.objects.get(code="bureau")
    )
    assert unfinished_uploads() == []
    Upload.objects.filter(pk=upload.pk).update(changed_at=timezone.now() - dt.timedelta(minutes=1))
    assert unfinished_uploads() == [upload]


def test_a_file_that_kills_its_workers_is_given_up(user: Cast) -> None:
    upload = receive_upload(
        file=ContentFile(b"x", name="a.csv"), user=user("analyst"), source=Source.objects.get(code="bureau")
    )
    Upload.objects.filter(pk=upload.pk).update(attempts=3)
    assert not preview_upload(upload.pk), "the last attempt has only just begun: it may still succeed"
    upload.refresh_from_db()
    assert (upload.attempts, upload.failure) == (3, None)
    Upload.objects.filter(pk=upload.pk).update(changed_at=timezone.now() - dt.timedelta(minutes=1))
    assert not preview_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.failure == {"code": "gave_up", "params": {"attempts": 3}}


def test_previewing_twice_stages_once(send: Send) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n")
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.RECEIVED)
    preview_upload(upload.pk)
    assert StagedFigure.objects.filter(upload=upload).count() == 1


@pytest.mark.parametrize("column", [1, 26, 27, 52, 53, 702, 703, 1378, 1379, 16_384])
def test_the_origin_of_a_figure_is_its_cell_as_spreadsheets_write_it(
    send: Send, user: Cast, column: int
) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,5.4\n")
    upload.figures.update(sheet="Все население", column=column)
    confirm_upload(upload=upload, by=user("analyst"))
    apply_upload(upload.pk)
    origin = ObservationRevision.objects.get(upload=upload).origin
    assert origin == cell_address("Все население", 2, column)
