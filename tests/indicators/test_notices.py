"""Who is told what: by mandate, once of each occasion, in the reader's language."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import Mandate, Organisation, User
from cities.models import Territory
from indicators.models import Notice, NoticePreference, Report, ReportingForm, Source, Upload, WatchedFile
from indicators.notice_texts import TEXTS, TITLES, in_words
from indicators.periods import Frequency, Period
from indicators.services.notifying import (
    Kind,
    notify,
    tell_approved,
    tell_nudged,
    tell_returned,
    tell_submitted,
    tell_upload,
    tell_watch,
)

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]


@pytest.fixture
def report(user: Cast) -> Report:
    """Almaty's report of 2024, submitted."""
    return Report.objects.create(
        form=ReportingForm.objects.get(code="almaty-2025-annual"),
        territory=Territory.objects.get(code="almaty"),
        period_start="2024-01-01",
        state=Report.State.SUBMITTED,
        submitted_by=user("almaty.analyst"),
        submitted_at=timezone.now(),
    )


@pytest.fixture
def stored(report: Report) -> Report:
    """The same, as read from the database."""
    return Report.objects.get(pk=report.pk)


def told(kind: Kind) -> set[str]:
    """The names before the @ of those who were told."""
    emails = Notice.objects.filter(kind=kind).values_list("user__email", flat=True)
    return {email.partition("@")[0] for email in emails}


def decided(report: Report, by: User, state: str, reason: str = "") -> Report:
    report.state, report.decided_by, report.decided_at = state, by, timezone.now()
    report.return_reason = reason
    report.save()
    return report


def test_it_tells_approvers_that_a_report_waits(stored: Report) -> None:
    tell_submitted(stored)
    tell_submitted(stored)
    assert told(Kind.SUBMITTED) == {"approver"}
    assert Notice.objects.count() == 1
    assert Notice.objects.get().path == f"/review/{stored.pk}/"


def test_it_tells_no_approver_who_submitted_or_typed_himself(user: Cast, stored: Report) -> None:
    analyst = user("almaty.analyst")
    akimat = Organisation.objects.get(code="demo-akimat")
    Mandate.objects.create(user=analyst, role="approver", organisation=akimat, territory=stored.territory)
    line = stored.form.lines.all()[0]
    stored.entries.create(indicator=line.indicator, breakdown=line.breakdown, changed_by=user("approver"))
    tell_submitted(stored)
    assert told(Kind.SUBMITTED) == set()


def test_it_tells_no_approver_of_another_organisation(stored: Report) -> None:
    Mandate.objects.filter(role="approver").update(territory=stored.territory)
    tell_submitted(stored)
    assert told(Kind.SUBMITTED) == {"approver"}
    ministry = Organisation.objects.get(code="demo-ministry")
    Mandate.objects.filter(role="approver").update(organisation=ministry)
    Notice.objects.all().delete()
    tell_submitted(stored)
    assert told(Kind.SUBMITTED) == set()


def test_it_tells_those_who_enter_that_a_report_came_back_each_time(user: Cast, stored: Report) -> None:
    tell_returned(decided(stored, user("approver"), "returned", "Row 3 is in thousands"))
    assert told(Kind.RETURNED) == {"almaty.analyst", "analyst"}
    tell_returned(decided(stored, user("approver"), "returned", "And row 4"))
    assert Notice.objects.filter(user=user("almaty.analyst"), kind=Kind.RETURNED).count() == 2


def test_it_tells_whoever_submitted_even_without_a_mandate_now(user: Cast, stored: Report) -> None:
    Mandate.objects.filter(user=user("almaty.analyst")).delete()
    tell_approved(decided(stored, user("approver"), "approved"))
    assert told(Kind.APPROVED) == {"almaty.analyst", "analyst"}


def nudge(report: Report, by: User, words: str = "", period: Period | None = None) -> int:
    period = period or report.period
    return tell_nudged(form=report.form, territories=[report.territory], period=period, by=by, words=words)


def test_it_nudges_once_a_day(user: Cast, stored: Report) -> None:
    assert nudge(stored, user("coordinator"), "  The Ministry waits.  ")
    assert not nudge(stored, user("administrator"))
    assert told(Kind.NUDGED) == {"almaty.analyst", "analyst"}
    assert Notice.objects.filter(kind=Kind.NUDGED).count() == 2


def test_it_asks_nobody_where_nobody_may_enter(user: Cast, stored: Report) -> None:
    Mandate.objects.filter(role="analyst").delete()
    assert not nudge(stored, user("coordinator"))


def upload_of(user: User, **fields: object) -> Upload:
    return Upload.objects.create(
        file="uploads/x.csv", file_name="births.csv", size=1, sha256="0" * 64, user=user,
        source=Source.objects.get(code="akimat-almaty"), **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "kind", "fields"),
    [
        (Upload.State.PREVIEWED, Kind.PREVIEWED, {}),
        (
            Upload.State.APPLIED,
            Kind.APPLIED,
            {"counts": {"published": {"new": 3, "changed": 2, "unchanged": 1}}},
        ),
        (Upload.State.FAILED, Kind.FAILED, {"failure": {"code": "empty_file", "params": {}}}),
    ],
)
def test_it_tells_the_uploader_what_became_of_his_file(
    user: Cast, state: Upload.State, kind: Kind, fields: dict[str, object]
) -> None:
    if state == Upload.State.APPLIED:
        fields |= {"confirmed_by": user("analyst"), "applied_at": timezone.now()}
    tell_upload(upload_of(user("almaty.analyst"), state=state, **fields))
    confirmers = {"analyst"} if state == Upload.State.APPLIED else set()
    assert told(kind) == {"almaty.analyst"} | confirmers


def test_an_upload_that_waits_for_a_worker_is_no_news(user: Cast) -> None:
    tell_upload(upload_of(user("analyst"), state=Upload.State.RECEIVED))
    assert not Notice.objects.exists()


def test_a_watched_file_that_is_away_is_told_once_a_week(user: Cast) -> None:
    source = Source.objects.get(code="akimat-almaty")
    watch = WatchedFile.objects.create(address="https://x.example/a.csv", source=source, user=user("analyst"))
    tell_watch(watch, Kind.NOT_REACHED)
    tell_watch(watch, Kind.NOT_REACHED)
    watch.sha256 = "1" * 64
    tell_watch(watch, Kind.LAYOUT_CHANGED, upload_of(user("analyst")))
    for_analyst = Notice.objects.filter(user=user("analyst"), kind=Kind.NOT_REACHED)
    assert for_analyst.count() == 1
    assert told(Kind.LAYOUT_CHANGED) == {"analyst", "administrator"}


def test_it_tells_as_each_prefers(user: Cast, stored: Report) -> None:
    NoticePreference.objects.create(
        user=user("analyst"), kind=Kind.APPROVED, in_portal=False, by_letter=False
    )
    NoticePreference.objects.create(user=user("almaty.analyst"), kind=Kind.APPROVED, by_letter=False)
    tell_approved(decided(stored, user("approver"), "approved"))
    notice = Notice.objects.get(kind=Kind.APPROVED)
    assert (notice.user, notice.in_portal, notice.by_letter) == (user("almaty.analyst"), True, False)


def test_nobody_was_told_of_what_was_undone(user: Cast) -> None:
    with transaction.atomic():
        notify(Kind.APPLIED, users={user("analyst").pk}, key="1", params={}, path="/uploads/1/")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_it_tells_a_hundred_people_in_two_queries(django_assert_num_queries: Callable[[int], object]) -> None:
    User.objects.bulk_create(User(email=f"u{number}@bagdar.example") for number in range(100))
    users = set(User.objects.filter(email__startswith="u").values_list("pk", flat=True))
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        notify(Kind.PREVIEWED, users=users, key="1", params={"file": "a.csv"}, path="/uploads/1/")
    assert Notice.objects.count() == 100


def test_every_kind_has_its_words() -> None:
    assert set(TITLES) == set(TEXTS) == set(Kind.values)


def test_a_notice_speaks_the_readers_language(user: Cast, stored: Report) -> None:
    tell_returned(decided(stored, user("approver"), "returned", "Row 3 is in thousands"))
    notice = Notice.objects.filter(user=user("analyst"))
    with translation.override("en"):
        [english] = in_words(notice)
    with translation.override("ru"):
        [russian] = in_words(notice)
    assert english.title == f"Returned: {stored.form.name_en}, Almaty, 2024"
    assert "Row 3 is in thousands" in english.text
    assert stored.form.name_ru in russian.title
    assert "Алматы" in russian.title


def test_a_nudge_says_whether_the_report_was_or_is_due(user: Cast, stored: Report) -> None:
    soon = Period.containing(Frequency.ANNUAL, timezone.localdate())
    for period, words in ((stored.period, "Please!"), (soon, "")):
        nudge(stored, user("coordinator"), words, period)
    with translation.override("en"):
        later, past = in_words(Notice.objects.filter(user=user("analyst")))
    assert past.text == "coordinator@bagdar.example asks for the report. Its last day was 15 January 2025"
    assert (past.words, later.words) == ("Please!", "")
    assert "Its last day: " in later.text


def test_words_of_many_notices_need_two_queries(
    user: Cast, stored: Report, django_assert_num_queries: Callable[[int], object]
) -> None:
    for year in range(2010, 2025):
        period = Period.of(Frequency.ANNUAL, year)
        nudge(stored, user("coordinator"), period=period)
    notices = list(Notice.objects.all())
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert len(in_words(notices)) == 30
