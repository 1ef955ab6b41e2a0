"""The rows of a briefing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from accounts.models import Organisation
from cities.models import Territory
from indicators.models import ReportingForm
from indicators.periods import Period
from programmes.models import Inquiry, Kpi, Measure
from programmes.overview import Rollup

T = TypeVar("T")


@dataclass(frozen=True)
class Listing(Generic[T]):
    """The first rows of a list, the worst first, and how many there are in all."""

    rows: tuple[T, ...]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Scope:
    """What a briefing is about: a territory with all within it, or a body with all that it answers for."""

    territory: Territory | None = None
    organisation: Organisation | None = None

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return self.territory.name if self.territory else self.organisation.name if self.organisation else ""

    @property
    def query(self) -> dict[str, str]:
        """What names it in an address."""
        if self.territory:
            return {"territory": self.territory.code}
        return {"organisation": self.organisation.code} if self.organisation else {}


@dataclass(frozen=True)
class Shown:
    """How a promise stood: the word, and the year and the figure that it rests on."""

    standing: str
    year: int | None
    actual: float | None


@dataclass(frozen=True)
class Move:
    """A promise in a place, how it stood on the day and how it stands now; one of both where none is asked.

    `territory` is that of the standing. `answers` names who answers for it.
    """

    kpi: Kpi
    territory: Territory
    then: Shown | None
    now: Shown
    answers: str


@dataclass(frozen=True)
class LateMeasure:
    """An item of an action plan that nobody has reported as done after its last day."""

    measure: Measure
    due_on: dt.date
    answers: str


@dataclass(frozen=True)
class LateReport:
    """A report that has not been handed in after its day, and by how many working days it is late."""

    form: ReportingForm
    territory: Territory
    period: Period
    due_on: dt.date
    days_late: int


@dataclass(frozen=True)
class Answerer:
    """Somebody who answers, for how many promises that slipped or were missed and how many late things."""

    name: str
    promises: int
    late: int


@dataclass(frozen=True)
class Briefing:
    """Everything on one sheet.

    `counts_then` and `now` count the promises by standing on the day and today. `slipped`, `improved`:
    judged both times, worse or better now. `appeared`: judged for the first time since; `faded`: judged then
    and not any more. `missed`: targets not met. `missing`: promises without figures, or with too old ones.
    """

    scope: Scope
    since: dt.date
    today: dt.date
    now: Rollup
    counts_then: Mapping[str, int]
    slipped: Listing[Move]
    improved: Listing[Move]
    appeared: Listing[Move]
    faded: Listing[Move]
    missed: Listing[Move]
    missing: Listing[Move]
    late_measures: Listing[LateMeasure]
    late_reports: Listing[LateReport]
    answerers: tuple[Answerer, ...]
    inquiries: Listing[Inquiry]
