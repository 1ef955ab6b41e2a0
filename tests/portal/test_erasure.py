"""Erasing a person's data: nothing names the person, history means one person, the audit stays provable."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, AuditEvent, KeptAnswer, Mandate, User
from accounts.services.auditing import record
from accounts.services.keys import Scope, issue_key
from accounts.services.verifying import verify_audit
from indicators.models import Notice, ObservationRevision, PublishingPause, Series
from indicators.services.publishing import Figure, publish
from portal.models import Hook, Subscription
from portal.services.erasing import ErasureError, erase_user, words_of
from portal.services.tracing import find_traces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_sealed")]

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
EMAIL, PASSWORD = "zauresh.synova@akimat.example", "correct-Horse-7-battery"
NAME = "Зәуреш Сынова"
COLLEAGUE = "azauresh.synova@akimat.example"


@pytest.fixture
def person(client_of: Browser, user: Cast) -> User:
    """Somebody of whom all kinds of tables know."""
    boss = client_of("administrator")
    person = User.objects.create_user(EMAIL, PASSWORD, first_name="Зәуреш", last_name="Сынова")
    example = user("analyst").mandates.get()
    Mandate.objects.create(
        user=person, role=example.role, organisation=example.organisation, territory=example.territory,
        valid_from="2024-01-01",
    )  # fmt: skip
    User.objects.create_user(COLLEAGUE)
    Client().post("/en/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    Client().force_login(person)
    issue_key(user=person, label=f"Key of {NAME}", scopes=[Scope.UPLOADS])
    Hook.objects.create(user=person, url="https://example.org/", events=["figures.published"])
    Subscription.objects.create(email=EMAIL.upper(), language="kk", asked_at=timezone.now())
    Notice.objects.create(user=person, kind="approved", key="1", path="/kk/")
    for key, by in (("2", NAME), ("3", COLLEAGUE)):
        Notice.objects.create(user=user("approver"), kind="submitted", key=key, path="/", params={"by": by})
    KeptAnswer.objects.create(
        user=user("approver"), key="k", fingerprint="0" * 64, status=200, body=f'{{"by": "{NAME}"}}'.encode()
    )
    PublishingPause.objects.create(
        reason=f"Asked for by {NAME}", began_at=timezone.now(), ended_at=timezone.now(),
        began_by=user("administrator"), ended_by=user("administrator"),
    )  # fmt: skip
    LogEntry.objects.create(
        user=user("administrator"), action_flag=CHANGE, object_repr=str(person), object_id=str(person.pk)
    )
    details = {"email": {"old": EMAIL, "new": EMAIL.title()}, "by": ["x", {NAME: f"Сынова Зәуреш, {NAME}"}]}
    record(
        "admin.changed", subject=f"user:{person.pk}", label=f"user: {NAME}", by=user("administrator"),
        details=details,
    )  # fmt: skip
    record("report.returned", subject="report:1", label="a report", reason=f"{EMAIL} was wrong", by=person)
    record("report.opened", subject="report:1", label=COLLEAGUE, by=person)
    assert boss.get("/en/audit/").status_code == 200
    return person


def erase(person: User, user: Cast) -> None:
    erase_user(user=person, by=user("administrator"), reason="The person has asked for it")


def test_nothing_in_the_database_names_the_person_afterwards(person: User, user: Cast) -> None:
    words = words_of(person)
    before = {(trace.table, trace.column) for trace in find_traces(words)}
    assert {
        ("accounts_user", "email"), ("accounts_auditevent", "details"), ("indicators_notice", "params"),
        ("portal_subscription", "email"), ("django_admin_log", "object_repr"),
        ("accounts_keptanswer", "body"),
    } <= before  # fmt: skip
    erase(person, user)
    assert find_traces(words) == []
    assert not User.objects.filter(first_name="Зәуреш").exists()
    assert not ApiKey.objects.filter(user=person).exists()
    assert not Hook.objects.filter(user=person).exists()
    own = [each.get_decoded().get("_auth_user_id") for each in Session.objects.all()]
    assert str(person.pk) not in own


def test_whose_address_only_looks_alike_keeps_it(person: User, user: Cast) -> None:
    erase(person, user)
    assert User.objects.filter(email=COLLEAGUE).exists()
    assert Notice.objects.get(key="3").params == {"by": COLLEAGUE}
    assert AuditEvent.objects.get(action="report.opened").label == COLLEAGUE


def test_the_audit_stays_provable_and_says_what_was_done(person: User, user: Cast) -> None:
    head = AuditEvent.objects.latest("number").hash
    erase(person, user)
    verdict = verify_audit(head=head)
    assert verdict.fault is None
    changed = AuditEvent.objects.get(action="admin.changed", subject=f"user:{person.pk}")
    alias = f"erased-{person.pk}"
    assert changed.label == f"user: {alias}"
    assert changed.details == {
        "email": {"old": alias, "new": alias}, "by": ["x", {alias: f"{alias}, {alias}"}]
    }  # fmt: skip
    erasure = AuditEvent.objects.get(action="user.erased")
    assert (changed.salt, changed.erased_in) == (None, erasure)
    assert erasure.reason == "The person has asked for it"
    record("report.opened", subject="report:2", label="later", by=None)
    assert verify_audit().fault is None


@pytest.mark.parametrize(
    "change",
    ["label = 'forged'", "user_id = NULL", "action = 'report.opened'", "details = '{}'", "reason = 'x'"],
)
def test_an_erased_event_cannot_be_altered_unseen(person: User, user: Cast, change: str) -> None:
    erase(person, user)
    which = "action = 'admin.changed' AND erased_in_id IS NOT NULL"
    one = f"UPDATE accounts_auditevent SET {change} WHERE {which}"
    assert verify_audit().fault is None
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(one)
        cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER audit_events_stay")
        cursor.execute(one)
        cursor.execute("ALTER TABLE accounts_auditevent ENABLE TRIGGER audit_events_stay")
    fault = verify_audit().fault
    assert fault
    assert "altered" in fault.what


def test_without_an_erasure_that_claims_it_nothing_is_rewritten(person: User) -> None:
    last = AuditEvent.objects.latest("number")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(number=1).update(label="x", salt=None, erased_in=last)


def test_two_people_in_one_event_are_erased_one_after_the_other(person: User, user: Cast) -> None:
    other = User.objects.get(email=COLLEAGUE)
    record("mandate.changed", subject="mandate:1", label=f"{EMAIL} for {COLLEAGUE}", by=None)
    erase(person, user)
    erase(other, user)
    event = AuditEvent.objects.get(subject="mandate:1")
    assert event.label == f"erased-{person.pk} for erased-{other.pk}"
    assert verify_audit().fault is None


def test_history_still_refers_to_one_person(person: User, user: Cast) -> None:
    series = Series.objects.filter(source__code="bureau").earliest("pk")
    figure = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, series.frequency,
        dt.date(1991, 1, 1), Decimal(1), "A", "a test",
    )  # fmt: skip
    publish([figure], user=person)
    erase(person, user)
    person.refresh_from_db()
    assert str(person.pk) in str(person)
    assert ObservationRevision.objects.filter(user=person).count() == 1
    mandate = person.mandates.get()
    assert (mandate.valid_from, mandate.valid_to) == (dt.date(2024, 1, 1), timezone.localdate())


def test_nobody_logs_in_any_more(person: User, user: Cast) -> None:
    browser = Client()
    browser.force_login(person)
    erase(person, user)
    assert authenticate(email=EMAIL, password=PASSWORD) is None
    assert authenticate(email=f"erased-{person.pk}@erased.invalid", password=PASSWORD) is None
    assert browser.get("/en/account/keys/").status_code == 302
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_erasing_needs_a_reason_another_person_and_happens_once(person: User, user: Cast) -> None:
    boss = user("administrator")
    for kwargs, code in (({"reason": " "}, "reason_required"), ({"user": boss, "reason": "x"}, "oneself")):
        with pytest.raises(ErasureError, match=code):
            erase_user(**{"user": person, "by": boss, **kwargs})  # type: ignore[arg-type]
    erase(person, user)
    with pytest.raises(ErasureError, match="erased_already"):
        erase(person, user)


def test_the_page_asks_for_the_number_and_erases(person: User, client_of: Browser) -> None:
    boss, url = client_of("administrator"), f"/en/users/{person.pk}/erase/"
    assert EMAIL in boss.get(url).content.decode()
    boss.post(url, {"reason": "asked for", "number": "1"})
    assert User.objects.filter(email=EMAIL).exists()
    done = boss.post(url, {"reason": "asked for", "number": str(person.pk)}, follow=True).content.decode()
    assert "Erased. The person can no longer log in." in done
    assert EMAIL not in done
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize("role", ["analyst", "approver", "coordinator", "deputy", "anonymous"])
def test_only_administrators_erase(person: User, client_of: Browser, role: str) -> None:
    for ask in ("get", "post"):
        answer = getattr(client_of(role), ask)(f"/en/users/{person.pk}/erase/")
        assert answer.status_code in {302, 403}
    assert User.objects.filter(email=EMAIL).exists()


def test_an_administrator_of_a_town_erases_nobody(person: User, client_of: Browser, user: Cast) -> None:
    user("administrator").mandates.update(territory=user("almaty.analyst").mandates.get().territory_id)
    assert client_of("administrator").get(f"/en/users/{person.pk}/erase/").status_code == 403


def test_the_administration_leads_to_the_page(person: User, client_of: Browser) -> None:
    chosen = {"action": "erase_personal_data", "_selected_action": [str(person.pk)]}
    answer = client_of("administrator").post(reverse("admin:accounts_user_changelist"), chosen)
    assert answer.headers["Location"].endswith(f"/users/{person.pk}/erase/")


def test_the_command_erases_and_looks(person: User) -> None:
    said = StringIO()
    call_command("erase_user", EMAIL, "--look", stdout=said)
    assert "accounts_user.email: 1 rows" in said.getvalue()
    with pytest.raises(CommandError, match="Say why"):
        call_command("erase_user", EMAIL)
    call_command("erase_user", EMAIL.upper(), "--reason", "asked for", stdout=said)
    assert "Nothing in the database names the person." in said.getvalue()
    with pytest.raises(CommandError, match="no user"):
        call_command("erase_user", EMAIL, "--reason", "asked for")
