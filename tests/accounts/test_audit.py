"""The audit trail: events form a chain of hashes, and nothing written can be changed or removed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoDbBlocker, Settings

from accounts.middleware import address_of, origin_middleware
from accounts.models import AuditEvent, User
from accounts.origin import Channel, Origin, coming_from
from accounts.services.auditing import change, event, record, record_all

Cast = Callable[[str], User]
GUARDS = "ALTER TABLE accounts_auditevent {} TRIGGER USER"


def note(label: str = "Unemployment", **more: object) -> None:
    record("entry.saved", subject="report:12", label=label, by=None, **more)  # type: ignore[arg-type]


def chain() -> list[tuple[int | None, str | None, str | None]]:
    return list(AuditEvent.objects.order_by("number").values_list("number", "previous_hash", "hash"))


def is_linked(links: list[tuple[int | None, str | None, str | None]]) -> bool:
    before = "0" * 64
    for position, (number, previous, own) in enumerate(links, start=1):
        if number != position or previous != before or own is None:
            return False
        before = own
    return True


@pytest.mark.usefixtures("_sealed")
def test_events_form_a_chain_whether_written_singly_or_in_bulk(user: Cast) -> None:
    note()
    record_all(event("entry.saved", subject="report:13", label=str(n), by=user("analyst")) for n in range(5))
    note()

    assert len(chain()) == 7
    assert is_linked(chain())
    assert list(AuditEvent.objects.order_by("number").values_list("label", flat=True)[1:6]) == list("01234")
    moments = list(AuditEvent.objects.order_by("number").values_list("at", flat=True))
    assert moments == sorted(moments)


@pytest.mark.usefixtures("_sealed")
def test_what_is_undone_leaves_no_gap() -> None:
    note()
    with transaction.atomic():
        note("undone")
        transaction.set_rollback(True)
    note()

    assert [number for number, _, _ in chain()] == [1, 2]
    assert is_linked(chain())


@pytest.fixture
def _lasting(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Commits are real; the trail is emptied afterwards, as only the owner of the table can."""
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute(GUARDS.format("DISABLE"))
            cursor.execute("DELETE FROM accounts_auditevent")
            cursor.execute(GUARDS.format("ENABLE"))
        connection.close()


@pytest.mark.usefixtures("_lasting")
def test_an_event_has_no_number_until_its_transaction_commits() -> None:
    with transaction.atomic():
        note()
        assert chain() == [(None, None, None)]

    assert is_linked(chain())


@pytest.mark.usefixtures("_lasting")
def test_transactions_that_overlap_wait_for_nobody_and_join_one_chain() -> None:
    other = connection.copy()
    with transaction.atomic():
        note("begun first, committed last")
        with other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_auditevent (action, subject, label, reason, details, channel) "
                "VALUES ('entry.saved', 'report:13', 'begun last, committed first', '', '{}', 'job')"
            )
    other.close()

    assert AuditEvent.objects.order_by("number")[0].label == "begun last, committed first"
    assert is_linked(chain())


@pytest.mark.usefixtures("_lasting")
def test_many_at_once_make_one_chain() -> None:
    def write(writer: int) -> None:
        for turn in range(10):
            with transaction.atomic():
                record_all(
                    event("entry.saved", subject=f"report:{writer}", label=str(turn), by=None)
                    for _ in range(3)
                )
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    assert len(chain()) == 120
    assert is_linked(chain())


@pytest.mark.usefixtures("_sealed")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditevent SET label = 'another'",
        "DELETE FROM accounts_auditevent",
        "TRUNCATE accounts_auditevent",
    ],
)
def test_postgresql_refuses_to_rewrite_the_trail(statement: str) -> None:
    note()

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEvent.objects.get().label == "Unemployment"


@pytest.mark.usefixtures("_sealed")
def test_nobody_chooses_an_events_place_moment_or_hash() -> None:
    AuditEvent(
        number=40, at="2020-01-01T00:00Z", hash="f" * 64, previous_hash="f" * 64,
        action="entry.saved", subject="report:12", label="forged", channel="page",
    ).save(force_insert=True)  # fmt: skip

    forged = AuditEvent.objects.get()
    assert (forged.number, forged.previous_hash) == (1, "0" * 64)
    assert forged.at.year > 2020


@pytest.mark.usefixtures("_sealed")
@pytest.mark.parametrize(("action", "label"), [("Entry saved", "x"), ("entry", "x"), ("entry.saved", "")])
def test_an_event_needs_a_code_and_a_label(action: str, label: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record(action, subject="report:12", label=label, by=None)


@pytest.mark.usefixtures("_sealed")
def test_it_keeps_who_what_where_and_why(user: Cast) -> None:
    analyst = user("almaty.analyst")
    mandate = analyst.mandates.select_related("organisation", "territory").get()
    with coming_from(Origin(Channel.API, "2001:db8::7")):
        record(
            "entry.saved", subject="report:12", label="Unemployment", by=analyst, reason="revised",
            organisation=mandate.organisation, territory=mandate.territory,
            details={"value": change("4.9", "5.1")},
        )  # fmt: skip

    kept = AuditEvent.objects.get()
    assert (kept.user, kept.organisation, kept.territory) == (
        analyst, mandate.organisation, mandate.territory,
    )  # fmt: skip
    assert (kept.channel, kept.address, kept.reason) == ("api", "2001:db8::7", "revised")
    assert kept.details == {"value": {"old": "4.9", "new": "5.1"}}


@pytest.mark.usefixtures("_sealed")
def test_without_a_request_a_job_is_at_work_unless_it_says_otherwise() -> None:
    note()
    note(origin=Origin(Channel.UPLOAD))

    assert list(AuditEvent.objects.order_by("number").values_list("channel", "address")) == [
        ("job", None),
        ("upload", None),
    ]


@pytest.mark.parametrize(
    ("is_trusted", "sent", "expected"),
    [
        (False, {"REMOTE_ADDR": "10.0.0.5", "HTTP_X_FORWARDED_FOR": "6.6.6.6"}, "10.0.0.5"),
        (True, {"REMOTE_ADDR": "10.0.0.5", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.0.2.9"}, "192.0.2.9"),
        (True, {"REMOTE_ADDR": "10.0.0.5"}, "10.0.0.5"),
        (True, {"REMOTE_ADDR": "10.0.0.5", "HTTP_X_FORWARDED_FOR": "nonsense"}, None),
        (False, {"REMOTE_ADDR": "::ffff:192.0.2.9"}, "192.0.2.9"),
        (False, {"REMOTE_ADDR": ""}, None),
    ],
)
def test_the_senders_address_is_believed_only_from_a_trusted_proxy(
    settings: Settings, is_trusted: bool, sent: dict[str, str], expected: str | None
) -> None:
    settings.TRUSTED_PROXY = is_trusted

    assert address_of(RequestFactory().get("/", **sent)) == expected  # type: ignore[arg-type]


@pytest.mark.usefixtures("_sealed")
@pytest.mark.parametrize(("path", "channel"), [("/kk/reports/", "page"), ("/api/v1/kpis/", "api")])
def test_a_request_says_where_its_events_come_from(path: str, channel: str) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        note()
        return HttpResponse()

    origin_middleware(view)(RequestFactory().get(path, REMOTE_ADDR="192.0.2.9"))
    note("afterwards")

    assert list(AuditEvent.objects.order_by("number").values_list("channel", "address")) == [
        (channel, "192.0.2.9"),
        ("job", None),
    ]
