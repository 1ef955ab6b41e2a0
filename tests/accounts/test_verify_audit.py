"""`manage.py verify_audit`: whoever gets past PostgreSQL's guards is found out, and the place is named."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import AuditEvent, User
from accounts.origin import Channel, Origin
from accounts.services.auditing import change, event, record_all
from cities.models import Territory

GUARDS = "ALTER TABLE accounts_auditevent {} TRIGGER USER"


@pytest.fixture(autouse=True)
def _trail(_sealed: None, user: Callable[[str], User]) -> None:
    """Six events; texts, places and numbers of every kind."""
    record_all(
        event(
            "entry.saved", subject=f"report:{n}", label="Жұмыссыздық «деңгейі»\n\t\\ \x7f €",
            by=user("analyst"), territory=Territory.objects.get(code="almaty"), reason="2 > 1",
            details={"value": change(None, "5.10"), "б": [1.50, True]},
            origin=Origin(Channel.PAGE, ["192.0.2.9", "2001:db8::7", None][n % 3]),
        )
        for n in range(6)
    )  # fmt: skip


def verify(*options: str) -> str:
    out = StringIO()
    call_command("verify_audit", *options, stdout=out)
    return out.getvalue()


def tamper(statement: str, guards: str = "ENABLE") -> None:
    with connection.cursor() as cursor:
        cursor.execute(GUARDS.format("DISABLE"))
        cursor.execute(statement)
        cursor.execute(GUARDS.format(guards))


def head() -> str:
    return AuditEvent.objects.get(number=6).hash or ""


def test_it_prints_what_to_note_when_all_is_intact() -> None:
    assert verify() == f"6 events are intact. Hash of the last one:\n{head()}\n"
    assert verify("--head", head()) == verify()
    assert verify("--since", "4").startswith("3 events")


def test_an_empty_trail_is_intact() -> None:
    tamper("DELETE FROM accounts_auditevent")

    assert verify().startswith("0 events")


@pytest.mark.parametrize(
    "change",
    [
        "label = 'Unemployment'",
        "reason = ''",
        "at = at - interval '1 microsecond'",
        "user_id = NULL",
        "territory_id = NULL",
        "subject = 'report:99'",
        "action = 'report.opened'",
        "channel = 'job'",
        "address = '192.0.2.1'",
        """details = '{"value": {"old": null, "new": "5.1"}, "б": [1.50, true]}'""",
        "organisation_id = (SELECT min(id) FROM accounts_organisation)",
        "hash = repeat('a', 64)",
    ],
)
def test_it_names_an_altered_event(change: str) -> None:
    tamper(f"UPDATE accounts_auditevent SET {change} WHERE number = 3")
    moment = AuditEvent.objects.get(number=3).at.isoformat()

    with pytest.raises(CommandError, match="its content does not give its hash") as broken:
        verify()

    assert f"Event 3 of {moment}: altered" in str(broken.value)
    assert broken.value.returncode == 1


def test_it_names_the_events_that_are_missing() -> None:
    tamper("DELETE FROM accounts_auditevent WHERE number IN (3, 4)")

    with pytest.raises(CommandError, match=r"Event 5 of .*: missing before it: events 3 to 4 were removed"):
        verify()


def test_the_first_event_is_missed_too() -> None:
    tamper("DELETE FROM accounts_auditevent WHERE number = 1")

    with pytest.raises(CommandError, match=r"Event 2 of .*: missing before it: event 1 was removed"):
        verify()


def test_an_end_that_was_cut_off_is_missed_by_whoever_noted_the_head() -> None:
    noted = head()
    tamper("DELETE FROM accounts_auditevent WHERE number > 4")

    assert verify().startswith("4 events")
    with pytest.raises(CommandError, match=f"Event 4: missing after it: no event has the hash {noted}"):
        verify("--head", noted)


HASHED = """
UPDATE accounts_auditevent e SET {set}hash = encode(sha256(convert_to(jsonb_build_array(
    previous_hash, number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), user_id, action,
    subject, {label}, organisation_id, territory_id, reason, details, channel, host(address), salt
)::text, 'UTF8')), 'hex') WHERE number = 3
"""


def test_events_from_before_there_were_salts_keep_their_formula() -> None:
    without = HASHED.replace(", salt", "").replace("number = 3", "number = 6")
    tamper(without.format(set="salt = NULL, ", label="label"))

    assert verify().startswith("6 events")


def test_an_event_rewritten_together_with_its_hash_breaks_the_next_link() -> None:
    tamper(HASHED.format(set="label = 'another', ", label="'another'::text"))

    with pytest.raises(CommandError, match=r"Event 4 of .*: forged: it does not continue event 3"):
        verify()


def test_events_that_changed_places_are_found() -> None:
    tamper(
        "UPDATE accounts_auditevent SET number = 40 WHERE number = 4;"
        "UPDATE accounts_auditevent SET number = 4 WHERE number = 5;"
        "UPDATE accounts_auditevent SET number = 5 WHERE number = 40"
    )

    with pytest.raises(CommandError, match=r"Event 4 of .*: altered"):
        verify()


def test_an_event_written_past_the_chain_is_found() -> None:
    tamper(
        "INSERT INTO accounts_auditevent (action, subject, label, reason, details, channel) "
        "VALUES ('report.approved', 'report:1', 'forged', '', '{}', 'page')"
    )

    with pytest.raises(CommandError, match=r"An event without a number of .*: forged"):
        verify()


def test_events_before_the_given_one_are_taken_on_trust() -> None:
    tamper("UPDATE accounts_auditevent SET label = 'another' WHERE number = 2")

    assert verify("--since", "4").startswith("3 events")
    with pytest.raises(CommandError, match="Event 2"):
        verify("--since", "2")


def test_disabled_guards_are_reported() -> None:
    tamper("SELECT 1", guards="DISABLE")

    with pytest.raises(CommandError, match=r"Unguarded: .* audit_events_stay, .*"):
        verify()


def test_what_is_no_hash_is_refused_as_a_head() -> None:
    with pytest.raises(CommandError, match="64 hexadecimal digits"):
        verify("--head", "abc")
