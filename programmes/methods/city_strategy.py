"""Whether a city's development strategy is complete: the methodology of order No. 3 of 11 January 2019 as a
checklist (document 003). A description in, answers out; docs/methods-city-strategy.md explains the readings.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from programmes.methods import strategies as words
from programmes.methods import strategy_checks as checks
from programmes.methods.strategies import Strategy
from programmes.methods.strategy_checks import Check, Finding, Outcome, Reason, needs


class Section(StrEnum):
    STRUCTURE = "structure"
    ANALYSIS = "analysis"
    DIRECTIONS = "directions"
    INDICATORS = "indicators"
    WORKFLOW = "workflow"


class Kind(StrEnum):
    """Who can tell: data, or only a person who has read the strategy."""

    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True)
class Version:
    """A wording of the methodology: the act that made it and the paragraphs that the act restated."""

    adopted_on: dt.date
    number: str
    restated: frozenset[str] = frozenset()


VERSIONS = (
    Version(dt.date(2019, 1, 11), "3"),
    Version(dt.date(2022, 4, 29), "38", restated=frozenset({"1", "14"})),
    Version(dt.date(2025, 1, 20), "3", restated=frozenset({"12"})),
)


@dataclass(frozen=True)
class Rule:
    """A requirement of the methodology; without a check it needs a person's judgement.

    `paragraphs` are those of the methodology. What it only recommends is not binding.
    """

    code: str
    paragraphs: tuple[str, ...]
    section: Section
    check: Check | None = None
    is_binding: bool = True

    @property
    def kind(self) -> Kind:
        return Kind.PERSON if self.check is None else Kind.MACHINE

    @property
    def since(self) -> dt.date:
        """The adoption of the last act that restated one of its paragraphs: older wordings are unknown."""
        acts = [act.adopted_on for act in VERSIONS if act.restated.intersection(self.paragraphs)]
        return max(acts, default=VERSIONS[0].adopted_on)


@dataclass(frozen=True)
class Answer:
    """What the description of a strategy says to a rule; the fields are those of `Finding`."""

    rule: Rule
    outcome: Outcome
    reason: Reason
    numbers: Mapping[str, int]
    items: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """All answers, what is missing first, recommendations last of their kind; the binding ones counted."""

    answers: tuple[Answer, ...]
    counts: Mapping[Outcome, int]


def version_on(day: dt.date) -> Version | None:
    """The wording of the day; None before the methodology was adopted."""
    return next((act for act in reversed(VERSIONS) if act.adopted_on <= day), None)


def evaluate(strategy: Strategy, on: dt.date) -> list[Answer]:
    """The answers to all rules, in the checklist's order, by the wording of the day."""
    return [Answer(rule, *_answer(rule, strategy, on)) for rule in RULES]


def summarise(answers: Iterable[Answer]) -> Summary:
    """The answers as a reader needs them; every outcome has its count, 0 included."""
    order = list(Outcome)
    ranked = sorted(answers, key=lambda each: (order.index(each.outcome), not each.rule.is_binding))
    counts = Counter(each.outcome for each in ranked if each.rule.is_binding)
    return Summary(tuple(ranked), {outcome: counts[outcome] for outcome in order})


def _answer(rule: Rule, strategy: Strategy, on: dt.date) -> Finding:
    if version_on(on) is None:
        return Finding(Outcome.CANNOT_TELL, Reason.NOT_IN_FORCE)
    if on < rule.since:
        return Finding(Outcome.CANNOT_TELL, Reason.WORDING_UNKNOWN)
    return rule.check(strategy) if rule.check else Finding(Outcome.NEEDS_PERSON, Reason.JUDGEMENT)


RULES = (
    Rule("horizon", ("13",), Section.STRUCTURE, checks.horizon),
    Rule("stages", ("4",), Section.STRUCTURE, lambda its: needs(words.STAGES, its.stages)),
    Rule("sections", ("17",), Section.STRUCTURE, lambda its: needs(words.SECTIONS, its.sections)),
    Rule("vision", ("20",), Section.STRUCTURE),
    Rule("national_goals", ("12",), Section.STRUCTURE),
    Rule("urban_area", ("11",), Section.STRUCTURE),
    Rule("findings", ("5",), Section.ANALYSIS, lambda its: needs(checks.FINDINGS, its.findings)),
    Rule("swot", ("6",), Section.ANALYSIS, lambda its: needs(checks.SWOT, its.findings)),
    Rule("enquiries", ("6",), Section.ANALYSIS, lambda its: needs(words.ENQUIRIES, its.enquiries)),
    Rule("ten_year_series", ("18",), Section.ANALYSIS, checks.ten_year_series),
    Rule("contents", ("18",), Section.ANALYSIS, lambda its: needs(words.CONTENTS, its.contents)),
    Rule("foreign_examples", ("19",), Section.ANALYSIS, checks.compared("foreign_examples")),
    Rule("foreign_conclusions", ("17",), Section.ANALYSIS),
    Rule("directions", ("17",), Section.DIRECTIONS, checks.directions),
    Rule("direction_parts", ("8",), Section.DIRECTIONS, checks.direction_parts),
    Rule("directions_serve_vision", ("7",), Section.DIRECTIONS),
    Rule("creative_economy", ("21",), Section.DIRECTIONS),
    Rule("human_capital", ("22",), Section.DIRECTIONS),
    Rule("environment", ("23",), Section.DIRECTIONS),
    Rule("smart_city", ("24",), Section.DIRECTIONS),
    Rule("urban_planning", ("25",), Section.DIRECTIONS),
    Rule("creative_economy_benchmarks", ("21",), Section.DIRECTIONS, checks.benchmarks("creative_economy")),
    Rule("smart_city_benchmarks", ("24",), Section.DIRECTIONS, checks.benchmarks("smart_city")),
    Rule("urban_planning_benchmarks", ("25",), Section.DIRECTIONS, checks.benchmarks("urban_planning")),
    Rule("indicator_values", ("9",), Section.INDICATORS, checks.every_indicator(checks.has_values)),
    Rule("interim_values", ("26",), Section.INDICATORS, checks.interim_values),
    Rule("indicator_sources", ("26",), Section.INDICATORS, checks.every_indicator(checks.has_source)),
    Rule("indicator_instruments", ("26",), Section.INDICATORS, checks.every_indicator(checks.has_instrument)),
    Rule("indicators_comparable", ("26",), Section.INDICATORS),
    Rule("indicators_resourced", ("26",), Section.INDICATORS),
    Rule("indicators_described", ("26",), Section.INDICATORS),
    Rule("indicators_measurable", ("26",), Section.INDICATORS),
    Rule("indicators_selected", ("26",), Section.INDICATORS),
    Rule("survey_ratings", ("10",), Section.INDICATORS, checks.compared("survey_ratings")),
    Rule("best_cities", ("10",), Section.INDICATORS, checks.compared("best_cities")),
    Rule(
        "recommended_indicators", ("26",), Section.INDICATORS,
        lambda its: needs(words.RECOMMENDED, its.recommended), is_binding=False,
    ),
    Rule("outside_experts", ("13",), Section.WORKFLOW, checks.consultants, is_binding=False),
    Rule(
        "cost_estimate", ("13",), Section.WORKFLOW,
        checks.taken_if(lambda its: its.has_consultants, "cost_estimate"),
    ),
    Rule("public_hearing", ("14",), Section.WORKFLOW, checks.taken("public_hearing")),
    Rule("central_agreement", ("15",), Section.WORKFLOW, checks.taken("central_agreement")),
    Rule(
        "neighbour_agreement", ("15",), Section.WORKFLOW,
        checks.taken_if(lambda its: its.is_republican, "neighbour_agreement"),
    ),
    Rule("akimat_proposal", ("16",), Section.WORKFLOW, checks.taken("akimat_proposal")),
    Rule("presidential_agreement", ("16",), Section.WORKFLOW, checks.taken("presidential_agreement")),
    Rule("maslikhat_approval", ("16",), Section.WORKFLOW, checks.taken("maslikhat_approval")),
    Rule("order_of_steps", ("15", "16"), Section.WORKFLOW, checks.order_of_steps),
)  # fmt: skip
