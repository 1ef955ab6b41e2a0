"""The checks of the methodology for city strategies: what the description of a strategy says to each rule.

Paragraphs are those of document 003; docs/methods-city-strategy.md explains the readings.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from programmes.methods import strategies as words
from programmes.methods.strategies import Indicator, Strategy, same_direction

HORIZON = 2050  # paragraph 13
INTERIM_YEARS = 5  # paragraph 26
SERIES_YEARS = 10  # paragraph 18
SWOT = ("strengths", "weaknesses", "opportunities", "threats")
FINDINGS = ("processes", "opportunities", "threats", "problems")  # paragraph 5
# Paragraphs 15 and 16. The Presidential Administration agrees before the approval, otherwise at any time.
SEQUENCES = (
    ("public_hearing", "central_agreement", "akimat_proposal", "maslikhat_approval"),
    ("public_hearing", "neighbour_agreement", "maslikhat_approval"),
    ("presidential_agreement", "maslikhat_approval"),
)
ORDERED = tuple(code for code in words.STEPS if any(code in sequence for sequence in SEQUENCES))


class Outcome(StrEnum):
    """In the order of lists: what is missing first."""

    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"
    NEEDS_PERSON = "needs_person"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"


class Reason(StrEnum):
    """Why the outcome is what it is."""

    AS_REQUIRED = "as_required"
    ABSENT = "absent"
    ANOTHER_YEAR = "another_year"
    TOO_FAR_APART = "too_far_apart"
    TOO_SHORT = "too_short"
    OUT_OF_ORDER = "out_of_order"
    NOT_TOLD = "not_told"
    NOT_LISTED = "not_listed"
    NOT_DATED = "not_dated"
    NO_REFERENCE = "no_reference"
    NOT_IN_FORCE = "not_in_force"
    WORDING_UNKNOWN = "wording_unknown"
    JUDGEMENT = "judgement"
    DOES_NOT_APPLY = "does_not_apply"


class Finding(NamedTuple):
    """What a check found; `items` are the codes of what is missing, unknown or out of order."""

    outcome: Outcome
    reason: Reason
    numbers: Mapping[str, int] = {}
    items: tuple[str, ...] = ()


Check = Callable[[Strategy], Finding]


def needs(required: Sequence[str], told: Mapping[str, bool | None]) -> Finding:
    """Met if all of it is there; what is absent decides, what is unknown leaves the rest open."""
    absent = tuple(code for code in required if told.get(code) is False)
    unknown = tuple(code for code in required if told.get(code) is None)
    numbers = {"required": len(required), "present": len(required) - len(absent) - len(unknown)}
    if absent:
        return Finding(Outcome.NOT_MET, Reason.ABSENT, numbers, absent)
    if unknown:
        return Finding(Outcome.CANNOT_TELL, Reason.NOT_TOLD, numbers, unknown)
    return Finding(Outcome.MET, Reason.AS_REQUIRED, numbers)


def horizon(strategy: Strategy) -> Finding:
    """It reaches to 2050, no less and no further."""
    if strategy.horizon is None:
        return Finding(Outcome.CANNOT_TELL, Reason.NOT_TOLD, {"required": HORIZON})
    numbers = {"required": HORIZON, "found": strategy.horizon}
    if strategy.horizon != HORIZON:
        return Finding(Outcome.NOT_MET, Reason.ANOTHER_YEAR, numbers)
    return Finding(Outcome.MET, Reason.AS_REQUIRED, numbers)


def ten_year_series(strategy: Strategy) -> Finding:
    """Every series has a value for each of the ten years up to its last."""
    lengths = {code: _unbroken(set(years)) for code, years in strategy.series.items()}
    finding = needs(words.SERIES, {code: length >= SERIES_YEARS for code, length in lengths.items()})
    if finding.outcome == Outcome.NOT_MET:
        numbers = {"required_years": SERIES_YEARS, "shortest": min(lengths[code] for code in finding.items)}
        return finding._replace(reason=Reason.TOO_SHORT, numbers={**finding.numbers, **numbers})
    return finding


def _unbroken(years: set[int]) -> int:
    """How many years without a gap end with the last one."""
    return next((back for back in range(len(years)) if max(years) - back not in years), len(years))


def directions(strategy: Strategy) -> Finding:
    """The list of directions is whole: one that is not in it is absent."""
    if strategy.directions is None:
        return needs(words.DIRECTIONS, {})
    return needs(words.DIRECTIONS, {code: strategy.direction(code) is not None for code in words.DIRECTIONS})


def direction_parts(strategy: Strategy) -> Finding:
    """Each direction of the strategy has its three parts, whichever directions these are."""
    parts = {same_direction(each.code): each.parts for each in strategy.directions or ()}
    required = [f"{code}.{part}" for code in parts or words.DIRECTIONS for part in words.PARTS]
    return needs(required, {f"{code}.{part}": is_in for code in parts for part, is_in in parts[code].items()})


def benchmarks(direction: str) -> Check:
    """The direction's indicators use every benchmark that its paragraph names."""

    def check(strategy: Strategy) -> Finding:
        listed = strategy.direction(direction)
        return needs(words.BENCHMARKS[direction], listed.benchmarks if listed else {})

    return check


def every_indicator(holds: Callable[[Strategy, Indicator], bool | None]) -> Check:
    """Holds for all indicators, and all that the strategy is said to have are listed."""

    def check(strategy: Strategy) -> Finding:
        listed = strategy.indicators or ()
        told = {each.code: holds(strategy, each) for each in listed}
        finding = needs(tuple(told), told)
        if finding.outcome == Outcome.NOT_MET:
            return finding
        if strategy.indicators is None or len(listed) < (strategy.indicator_count or 0):
            stated = {} if strategy.indicator_count is None else {"stated": strategy.indicator_count}
            return Finding(Outcome.CANNOT_TELL, Reason.NOT_LISTED, {**stated, "listed": len(listed)})
        return finding if listed else Finding(Outcome.NOT_MET, Reason.ABSENT, {"listed": 0})

    return check


def has_values(_: Strategy, indicator: Indicator) -> bool | None:
    """Whether a value is set for any year."""
    return None if indicator.years is None else len(indicator.years) > 0


def has_source(_: Strategy, indicator: Indicator) -> bool | None:
    """Whether its source of information is named."""
    return indicator.has_source


def has_instrument(_: Strategy, indicator: Indicator) -> bool | None:
    """Whether its tool of data collection is named."""
    return indicator.has_instrument


def interim_values(strategy: Strategy) -> Finding:
    """Between an indicator's values, and from the last to the horizon, lie five years at most."""
    finding = every_indicator(_has_interim_values)(strategy)
    longest = max((step for each in strategy.indicators or () for step in _steps(strategy, each)), default=0)
    if finding.outcome != Outcome.NOT_MET or longest <= INTERIM_YEARS:
        return finding
    numbers = {**finding.numbers, "allowed": INTERIM_YEARS, "longest": longest}
    return finding._replace(reason=Reason.TOO_FAR_APART, numbers=numbers)


def _has_interim_values(strategy: Strategy, indicator: Indicator) -> bool | None:
    if indicator.years is None:
        return None
    steps = _steps(strategy, indicator)
    return bool(steps) and max(steps) <= INTERIM_YEARS


def _steps(strategy: Strategy, indicator: Indicator) -> list[int]:
    """Years from each value to the next and from the last to the horizon; none where no value precedes it.

    The way begins with the first value, or with the year after the approval where that is earlier.
    """
    horizon = HORIZON if strategy.horizon is None else strategy.horizon
    points = {year for year in indicator.years or () if year < horizon}
    if points and strategy.approved_on:
        points.add(min(strategy.approved_on.year + 1, *points))
    return [after - before for before, after in pairwise(sorted({*points, horizon}))]


def compared(what: str) -> Check:
    """The strategy makes the comparison."""
    return lambda strategy: needs((what,), strategy.comparisons)


def consultants(strategy: Strategy) -> Finding:
    """Organisations or experts from outside took part."""
    return needs(("consultants",), {"consultants": strategy.has_consultants})


def taken(code: str) -> Check:
    """The step was taken, its day is known and its document named."""

    def check(strategy: Strategy) -> Finding:
        step = strategy.step(code)
        if step is None:
            return Finding(Outcome.CANNOT_TELL, Reason.NOT_TOLD)
        if not step.is_taken:
            return Finding(Outcome.NOT_MET, Reason.ABSENT)
        if step.taken_on is None:
            return Finding(Outcome.CANNOT_TELL, Reason.NOT_DATED)
        if step.reference is None:
            return Finding(Outcome.CANNOT_TELL, Reason.NO_REFERENCE)
        return Finding(Outcome.MET, Reason.AS_REQUIRED)

    return check


def taken_if(applies: Callable[[Strategy], bool | None], code: str) -> Check:
    """The same for a step that only some strategies need; who does not need it may leave it out."""

    def check(strategy: Strategy) -> Finding:
        needed = applies(strategy)
        if needed is False:
            return Finding(Outcome.NOT_APPLICABLE, Reason.DOES_NOT_APPLY)
        finding = taken(code)(strategy)
        is_open = needed is None and finding.outcome == Outcome.NOT_MET
        return Finding(Outcome.CANNOT_TELL, Reason.NOT_TOLD) if is_open else finding

    return check


def order_of_steps(strategy: Strategy) -> Finding:
    """No step is dated before one that has to precede it; steps of the same day are in order."""
    days = {step.code: step.taken_on for step in strategy.steps if step.is_taken and step.taken_on}
    late = [
        pair
        for sequence in SEQUENCES
        for pair in pairwise(code for code in sequence if code in days)
        if days[pair[0]] > days[pair[1]]
    ]
    needless = {"neighbour_agreement"} if strategy.is_republican is False else set()
    required = [code for code in ORDERED if code not in needless]
    undated = tuple(code for code in required if code not in days)
    numbers = {"required": len(required), "dated": len(required) - len(undated)}
    if late:
        items = tuple(code for code in ORDERED if any(code in pair for pair in late))
        return Finding(Outcome.NOT_MET, Reason.OUT_OF_ORDER, numbers, items)
    if undated:
        return Finding(Outcome.CANNOT_TELL, Reason.NOT_DATED, numbers, undated)
    return Finding(Outcome.MET, Reason.AS_REQUIRED, numbers)
