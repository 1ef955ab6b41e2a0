"""A real replica that is made to lag: who is answered from where, and nobody is shown less than before."""

from collections.abc import Iterator

import pytest

from common.databases.choosing import PRIMARY, Asked, Choice, Standing, choose
from tests.hosts.conftest import Pair, Serve, Web, empty_redis

pytestmark = pytest.mark.django_db  # the tests' own database is what the servers are copied from

PAGE = "/en/programmes/almaty-2025/"
ANOTHER_PAGE = "/en/programmes/"
LIST = "/api/v1/programmes/"
REPORT = "almaty-2025-annual:almaty:2024"
MARK_TIME = "SELECT pg_logical_emit_message(true, 'bagdar', 'time')"


def standing(position: int = 100, behind: float = 0) -> Standing:
    return Standing("server", "1:1:", position, behind)


class TestTheDecision:
    def decide(self, asked: Asked, *replicas: Standing, floor: int | None = 100, primary: bool = True) -> str:
        found = choose(
            asked,
            primary_answers=primary,
            replicas=[(f"replica{number}", each) for number, each in enumerate(replicas, start=1)],
            floor=floor,
            longest_lag=30,
        )
        return found.alias if found else "nobody"

    def test_the_public_is_answered_by_the_first_replica_that_has_what_was_shown_before(self) -> None:
        assert self.decide(Asked.PUBLIC, standing(99), standing(100)) == "replica2"
        assert self.decide(Asked.PUBLIC, standing(99)) == PRIMARY
        assert self.decide(Asked.PUBLIC) == PRIMARY

    def test_a_replica_that_is_far_behind_rests(self) -> None:
        assert self.decide(Asked.PUBLIC, standing(behind=30.1)) == PRIMARY

    def test_without_knowing_what_was_shown_the_primary_answers(self) -> None:
        assert self.decide(Asked.PUBLIC, standing(), floor=None) == PRIMARY

    @pytest.mark.parametrize("asked", [Asked.OWN, Asked.WRITING])
    def test_everything_else_is_the_primarys(self, asked: Asked) -> None:
        assert self.decide(asked, standing()) == PRIMARY

    def test_with_the_primary_away_the_furthest_replica_answers_whatever_it_knows(self) -> None:
        late = (standing(5, 900), standing(7, 900))
        assert self.decide(Asked.PUBLIC, *late, primary=False) == "replica2"
        assert self.decide(Asked.OWN, *late, floor=None, primary=False) == "replica2"
        assert self.decide(Asked.WRITING, *late, primary=False) == "nobody"
        assert self.decide(Asked.PUBLIC, primary=False) == "nobody"

    def test_replicas_are_not_asked_where_none_may_answer(self) -> None:
        def asked() -> Iterator[tuple[str, Standing]]:
            raise AssertionError
            yield

        for kind, floor in ((Asked.OWN, 0), (Asked.WRITING, 0), (Asked.PUBLIC, None)):
            chosen = choose(kind, primary_answers=True, replicas=asked(), floor=floor, longest_lag=30)
            assert chosen == Choice(PRIMARY)


@pytest.fixture
def web(pair: Pair, serve: Serve) -> Iterator[Web]:
    started = serve()
    started.get(ANOTHER_PAGE)  # sets the floor to where the primary stands
    pair.on_primary(MARK_TIME)
    pair.wait_for_replica()
    yield started
    pair.on_replica("SELECT pg_wal_replay_resume()")
    pair.wait_for_replica()


def expect_asked(pair: Pair, web: Web, path: str, server: str) -> None:
    """The server alone reads tables for the path; to be asked only where it stands is not yet that."""
    began = pair.on_primary("SELECT clock_timestamp()::text")
    read = (
        f"SELECT count(*) FROM pg_stat_activity WHERE usename = 'bagdar' AND query_start > '{began}' "
        "AND query NOT LIKE '%pg_postmaster_start_time%'"
    )
    assert web.get(path).status_code == 200
    asked = {"primary": pair.on_primary(read), "replica": pair.on_replica(read)}
    assert [name for name, count in asked.items() if count] == [server], web.log.read_text()


def rename(pair: Pair, name: str) -> None:
    pair.on_primary(f"UPDATE programmes_programme SET name_en = '{name}' WHERE code = 'almaty-2025'")


def test_public_pages_and_the_api_are_read_from_the_replica(pair: Pair, web: Web) -> None:
    expect_asked(pair, web, PAGE, "replica")
    expect_asked(pair, web, LIST, "replica")


def test_what_only_the_primary_can_tell_is_asked_there(pair: Pair, web: Web) -> None:
    expect_asked(pair, web, f"{PAGE}?as_of=2024-01-01", "primary")
    expect_asked(pair, web, f"{PAGE}?as%5Fof=2023-01-01", "primary")


def test_a_replica_that_stands_still_shows_nobody_less_than_before(
    pair: Pair, web: Web, serve: Serve
) -> None:
    """Two portals: one that takes no replica for fresh shows the news first; the other follows."""
    other = serve(REPLICA_LAG_SECONDS="0.000001")
    rename(pair, "Before")
    pair.wait_for_replica()
    first = web.get(PAGE)
    assert "Before" in first.text
    pair.pause_replica()
    rename(pair, "After")
    assert "Before" in web.get(PAGE).text, "nobody has seen the news yet"
    assert "After" in other.get(PAGE).text
    again = web.get(PAGE)
    assert "After" in again.text
    assert again.headers["ETag"] != first.headers["ETag"]
    assert web.get(PAGE, headers={"If-None-Match": again.headers["ETag"]}).status_code == 304
    pair.on_replica("SELECT pg_wal_replay_resume()")
    pair.wait_for_replica()
    assert web.get(PAGE).headers["ETag"] == again.headers["ETag"]


def test_nobody_is_shown_less_when_redis_has_forgotten_what_was_shown(pair: Pair, web: Web) -> None:
    rename(pair, "Before")
    pair.wait_for_replica()
    assert "Before" in web.get(PAGE).text
    pair.pause_replica()
    rename(pair, "After")
    empty_redis()
    assert "After" in web.get(PAGE).text


def test_who_publishes_finds_it_at_once(pair: Pair, web: Web) -> None:
    """The replica has not heard of it when the approval is answered, and is not asked before it has."""
    analyst, approver = (
        pair.key_of(*role) for role in (("almaty.analyst", "entries"), ("approver", "approval"))
    )
    published = "/api/v1/observations/?indicator=central-water-access&territory=almaty&source=akimat-almaty"
    web.put(f"/api/v1/entries/{REPORT}:central-water-access:_T/", json={"value": "99.4"}, headers=analyst)
    assert web.post(f"/api/v1/reports/{REPORT}/submit/", headers=analyst).json()["state"] == "submitted"
    pair.wait_for_replica()
    before = web.get(published)
    pair.pause_replica()
    assert web.post(f"/api/v1/reports/{REPORT}/approve/", headers=approver).json()["state"] == "approved"
    after = web.get(published)
    assert len(after.json()["results"]) == len(before.json()["results"]) + 1
    assert web.get(published, headers={"If-None-Match": after.headers["ETag"]}).status_code == 304


def test_what_somebody_types_does_not_send_readers_to_the_primary(pair: Pair, web: Web) -> None:
    analyst = pair.key_of("almaty.analyst", "entries")
    assert web.get(f"{LIST}?limit=6").status_code == 200
    pair.pause_replica()
    other = REPORT.replace("2024", "2023")
    address = f"/api/v1/entries/{other}:central-water-access:_T/"
    assert web.put(address, json={"value": "98"}, headers=analyst).status_code == 201
    expect_asked(pair, web, f"{LIST}?limit=7", "replica")


def test_a_list_is_followed_where_transactions_are_known(pair: Pair, web: Web) -> None:
    """A point in time that a replica states leaves out whatever may have been under way."""
    point = web.get(f"{LIST}?limit=1").json()["sync"]
    rename(pair, "Followed")
    pair.wait_for_replica()
    expect_asked(pair, web, f"{LIST}?updated_after={point}", "primary")
    [changed] = web.get(f"{LIST}?updated_after={point}").json()["results"]
    assert changed["names"]["en"] == "Followed"
