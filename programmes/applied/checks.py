"""Applications of a prescribed method in one form: what was judged, how it came out, answer by answer."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from programmes.applied import strategies, town_criteria
from programmes.applied.towns import BY_CODE, Town, towns
from programmes.methods.monotown_criteria import Answer
from programmes.methods.monotowns import POLICIES

STRATEGY, MONOTOWN = "city-strategy", "monotown"
METHODS = {STRATEGY: "003", MONOTOWN: "001"}
"""The methods, with the code of the document that prescribes each."""


@dataclass(frozen=True)
class CheckAnswer:
    """What is known of one requirement or criterion.

    `stated` is a number as its document gives it, `missing` what would have to be told, `lines` where the
    requirement (of a strategy) or the evidence (for a town) is written.
    """

    code: str
    section: str
    title: str
    outcome: str
    outcome_in_words: str
    reason: str = ""
    stated: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)
    missing: Sequence[str] = ()
    lines: Sequence[int] = ()


@dataclass(frozen=True)
class Check:
    """A method applied to one subject; the answers only where one check is asked for."""

    method: str
    subject: str
    programme: str
    territory: str | None
    judged_on: dt.date | None
    policy: str | None
    outcome: str | None
    stated_outcome: str | None
    counts: Mapping[str, int]
    page: str
    answers: Sequence[CheckAnswer] = ()

    @property
    def id(self) -> str:
        """By which it is asked for."""
        return f"{self.method}:{self.subject}"

    @property
    def document(self) -> str:
        """The document that prescribes the method."""
        return METHODS[self.method]


def checks() -> list[Check]:
    """Strategies by the wording of their approval, towns by the first policy; without the answers."""
    by_default = POLICIES[0].code
    judged = (_of_strategy(code, None) for code in strategies.described())
    return [*judged, *(_of_town(town, by_default) for town in towns())]


def check(
    method: str, subject: str, *, on: dt.date | None = None, policy: str = POLICIES[0].code
) -> Check | None:
    """One of them with its answers: a strategy by the wording of the day, a town under the policy."""
    if method == STRATEGY and subject in strategies.described():
        return _of_strategy(subject, on)
    if method == MONOTOWN:
        town = next((each for each in towns() if each.membership.territory.code == subject), None)
        return _of_town(town, policy, tuple(_criteria(town, policy))) if town else None
    return None


def _of_strategy(programme: str, on: dt.date | None) -> Check:
    day = on or strategies.strategy(programme).approved_on or timezone.localdate()
    summary, _counts, answers = strategies.judged(programme, day)
    return Check(
        STRATEGY, programme, programme, None, day, None, None, None,
        {outcome.value: count for outcome, count in summary.counts.items()},
        reverse("programmes:city-strategy-checklist", args=[programme]),
        tuple(map(_requirement, answers)),
    )  # fmt: skip


def _requirement(answer: strategies.AnswerInWords) -> CheckAnswer:
    rule = answer.rule.rule
    return CheckAnswer(
        rule.code, rule.section.value, answer.rule.title, answer.outcome, answer.word, answer.reason,
        numbers=dict(answer.numbers), missing=answer.items, lines=answer.rule.place.lines,
    )  # fmt: skip


def _of_town(town: Town, policy: str, answers: Sequence[CheckAnswer] = ()) -> Check:
    judged, code = town.judge(BY_CODE[policy]), town.membership.territory.code
    return Check(
        MONOTOWN, code, town_criteria.PROGRAMME, code, None, policy, judged.outcome.value,
        judged.official or None, {each.value: town.counts[each] for each in Answer},
        reverse("programmes:monotown-town", args=[code]), answers,
    )  # fmt: skip


def _criteria(town: Town, policy: str) -> Iterator[CheckAnswer]:
    for section in town_criteria.sections(town.known, BY_CODE[policy]):
        for item in section.items:
            for line in item.lines:
                if not line.is_group:
                    yield CheckAnswer(
                        line.node.code, section.code, line.label, line.result.answer.value, line.answer,
                        line.note, line.stated, lines=line.place.lines if line.place else (),
                    )  # fmt: skip
