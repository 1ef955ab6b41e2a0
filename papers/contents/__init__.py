"""What papers say, gathered from the portal's tables: one module for each kind (docs/papers.md)."""

from collections.abc import Callable

from django.utils import timezone

from papers.contents.judging import Span
from papers.contents.monotowns import monotown_report
from papers.contents.programme import programme_report
from papers.contents.quality import quality_report
from papers.contents.strategy import strategy_check
from papers.document import Document
from papers.models import Paper

Kind = Paper.Kind


class NothingToTellError(Exception):
    """What the paper is about is not there; `code` says what is missing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def gather(paper: Paper) -> Document:
    """The paper's contents in the active language, as of today. Raises `NothingToTellError`."""
    return _GATHERERS[Kind(paper.kind)](paper)


def _programme(paper: Paper) -> Document:
    if paper.programme is None or paper.first_year is None or paper.last_year is None:
        raise NothingToTellError("no_programme")
    return programme_report(paper.programme, Span(paper.first_year, paper.last_year, timezone.localdate()))


def _monotowns(paper: Paper) -> Document:
    return _known(monotown_report(paper.territory), "no_town")


def _strategy(paper: Paper) -> Document:
    if paper.programme is None:
        raise NothingToTellError("no_programme")
    return _known(strategy_check(paper.programme, timezone.localdate()), "no_strategy")


def _known(document: Document | None, code: str) -> Document:
    if document is None:
        raise NothingToTellError(code)
    return document


_GATHERERS: dict[Kind, Callable[[Paper], Document]] = {
    Kind.PROGRAMME: _programme,
    Kind.MONOTOWNS: _monotowns,
    Kind.STRATEGY: _strategy,
    Kind.QUALITY: lambda paper: quality_report(paper.programme),
}
