"""A paper's way: ordered, made step by step, resumed after a worker died."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, User
from indicators.models import ObservationRevision
from papers.models import Paper
from papers.services import making
from papers.services.making import MOST_ATTEMPTS, take_step, unfinished_papers
from papers.services.ordering import PaperError, order_paper
from papers.tasks import make_paper_task, resume_papers_task
from programmes.models import Programme

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]


def order(by: User, **about: Any) -> Paper:
    programme = Programme.objects.get(code="rural-territories-2023-2027")
    asked = {"programme": programme, "first_year": 2023, "last_year": 2024, **about}
    return order_paper(by=by, kind=Paper.Kind.PROGRAMME, language="ru", **asked)


def test_a_paper_is_made_with_its_files_and_what_it_rests_on(paper: Paper) -> None:
    make_paper_task(paper.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.percent) == ("ready", 100)
    assert paper.figures_on == timezone.localdate()
    last = ObservationRevision.objects.order_by("id").last()
    assert last is not None
    assert paper.revision == last.pk
    assert [file.format for file in paper.files.all()] == ["pdf", "docx", "xlsx"]
    for made in paper.files.all():
        assert hashlib.sha256(made.file.read()).hexdigest() == made.sha256


def test_each_step_says_how_far_it_is(paper: Paper) -> None:
    seen = [0]
    while take_step(paper.pk):
        paper.refresh_from_db()
        seen.append(paper.percent)
    assert seen == [0, 40, 60, 80]


def test_a_worker_killed_in_the_middle_leaves_a_paper_that_another_one_finishes(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_given: object) -> bytes:
        raise Killed

    take_step(paper.pk)
    take_step(paper.pk)
    gathered = Paper.objects.get(pk=paper.pk).contents
    with monkeypatch.context() as patched:
        patched.setitem(making.MAKERS, "docx", die)
        with pytest.raises(Killed):
            take_step(paper.pk)
    assert [file.format for file in paper.files.all()] == ["pdf"]
    assert unfinished_papers() == []
    Paper.objects.filter(pk=paper.pk).update(changed_at=timezone.now() - timedelta(minutes=1))
    assert unfinished_papers() == [paper.pk]
    make_paper_task(paper.pk)
    paper.refresh_from_db()
    assert paper.state == "ready"
    assert paper.contents == gathered
    assert paper.files.count() == 3


def test_a_paper_that_fails_again_and_again_is_given_up(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_paper: Paper) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(making, "gather", fail)
    for _attempt in range(MOST_ATTEMPTS + 1):
        assert take_step(paper.pk) is False
    paper.refresh_from_db()
    assert paper.state == "failed"
    assert paper.failure == {"code": "gave_up", "attempts": MOST_ATTEMPTS}


def test_a_paper_about_nothing_fails_with_its_reason(user: Cast) -> None:
    paper = order_paper(
        by=user("analyst"), kind=Paper.Kind.STRATEGY, language="kk",
        programme=Programme.objects.get(code="almaty-2025"),
    )  # fmt: skip
    make_paper_task(paper.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.failure) == ("failed", {"code": "no_strategy"})


def test_the_sweep_sets_going_what_stands_still(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr("papers.tasks.send", sent.append)
    resume_papers_task()
    assert sent == []
    Paper.objects.filter(pk=paper.pk).update(changed_at=timezone.now() - timedelta(minutes=1))
    resume_papers_task()
    assert sent == [paper.pk]


def test_a_finished_paper_is_not_made_again(paper: Paper) -> None:
    make_paper_task(paper.pk)
    before = [file.sha256 for file in paper.files.all()]
    assert take_step(paper.pk) is False
    assert [file.sha256 for file in paper.files.all()] == before


def test_the_same_order_gives_the_same_paper(user: Cast) -> None:
    first = order(user("deputy"))
    assert order(user("analyst")) == first
    make_paper_task(first.pk)
    assert order(user("coordinator")) == first
    assert order(user("deputy"), last_year=2025) != first


def test_figures_published_since_make_another_paper(user: Cast) -> None:
    first = order(user("deputy"))
    make_paper_task(first.pk)
    Paper.objects.filter(pk=first.pk).update(revision=1)
    assert order(user("deputy")) != first


def test_nobody_orders_more_than_he_can_read(user: Cast, settings: Any) -> None:
    settings.PAPERS_AN_HOUR = 2
    for year in (2023, 2024):
        order(user("deputy"), first_year=2023, last_year=year)
    with pytest.raises(PaperError) as refused:
        order(user("deputy"), first_year=2025, last_year=2025)
    assert (refused.value.code, refused.value.params) == ("too_many", {"most": 2})
    assert order(user("analyst"), first_year=2025, last_year=2025).pk


def test_who_has_no_mandate_orders_nothing(user: Cast) -> None:
    somebody = User.objects.create_user("somebody@example.org")
    with pytest.raises(PaperError):
        order(somebody)


def test_an_order_is_written_into_the_audit_trail(paper: Paper) -> None:
    assert AuditEvent.objects.filter(action="paper.ordered", subject=f"paper:{paper.pk}").exists()
