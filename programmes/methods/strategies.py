"""A city's development strategy as far as it is known, in the words of document 003; no database, no Django.

Unknown is never absent: a field that is None, a code that a mapping does not hold and a step that is not
listed are unknown; what is known to be absent is False. Directions and indicators are listed whole, or None.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STAGES = ("analysis", "planning")
SECTIONS = ("analysis", "international_experience", "vision", "directions", "indicators", "implementation")
DIRECTIONS = ("creative_economy", "human_capital", "environment", "smart_city", "urban_planning")
SAME_DIRECTION = {"human_development": "human_capital"}  # paragraph 17 against paragraphs 22 and 26
PARTS = ("state", "problems", "solutions")
FINDINGS = ("processes", "strengths", "weaknesses", "opportunities", "threats", "problems")
ENQUIRIES = ("interviews", "surveys", "focus_groups", "consultations")
SERIES = ("population", "students", "infant_mortality", "maternal_mortality")
CONTENTS = (
    "migration_balance", "education_composition", "neet_share", "universities", "colleges",
    "university_rating", "employment_structure",
)  # fmt: skip
COMPARISONS = ("foreign_examples", "survey_ratings", "best_cities")
BENCHMARKS = {
    "creative_economy": ("doing_business", "economic_complexity_atlas", "worlds_best_cities", "oecd"),
    "smart_city": ("oecd", "rating_agencies", "survey"),
    "urban_planning": ("un_habitat", "oecd", "world_bank", "survey"),
}
RECOMMENDED = (
    "economic_complexity", "doing_business_rating", "ten_best_cities", "oecd_economy", "life_expectancy",
    "student_share", "neet", "air_pollution", "waste_recycled", "renewable_energy", "oecd_innovation",
    "plans_satisfaction",
)  # fmt: skip
STEPS = (
    "cost_estimate", "public_hearing", "central_agreement", "neighbour_agreement", "akimat_proposal",
    "presidential_agreement", "maslikhat_approval",
)  # fmt: skip

Told = Mapping[str, bool]


@dataclass(frozen=True)
class Direction:
    """A strategic direction: which parts it is known to have or lack, and which benchmarks of indicators."""

    code: str
    parts: Told = field(default_factory=dict)
    benchmarks: Told = field(default_factory=dict)


@dataclass(frozen=True)
class Indicator:
    """A target indicator; `years` are those for which it has a value, the baseline's among them."""

    code: str
    has_source: bool | None = None
    has_instrument: bool | None = None
    years: Collection[int] | None = None


@dataclass(frozen=True)
class Step:
    """A step on the way to approval, with its day and the number of its document."""

    code: str
    is_taken: bool = True
    taken_on: dt.date | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Strategy:
    """What is known; `series` holds the years that each statistical series covers, none if it is absent.

    Raises ValueError where a direction, an indicator or a step is listed twice.
    """

    horizon: int | None = None
    is_republican: bool | None = None
    has_consultants: bool | None = None
    stages: Told = field(default_factory=dict)
    sections: Told = field(default_factory=dict)
    findings: Told = field(default_factory=dict)
    enquiries: Told = field(default_factory=dict)
    contents: Told = field(default_factory=dict)
    series: Mapping[str, Collection[int]] = field(default_factory=dict)
    comparisons: Told = field(default_factory=dict)
    directions: Sequence[Direction] | None = None
    indicator_count: int | None = None
    indicators: Sequence[Indicator] | None = None
    recommended: Told = field(default_factory=dict)
    steps: Sequence[Step] = ()

    def __post_init__(self) -> None:
        directions = [same_direction(each.code) for each in self.directions or ()]
        indicators = [each.code for each in self.indicators or ()]
        for codes in (directions, indicators, [each.code for each in self.steps]):
            if len(codes) != len(set(codes)):
                raise ValueError(f"listed twice: {', '.join(sorted(codes))}")

    def step(self, code: str) -> Step | None:
        """The step, where something is known of it."""
        return next((step for step in self.steps if step.code == code), None)

    def direction(self, code: str) -> Direction | None:
        """The direction under either of its names, where it is listed."""
        return next((each for each in self.directions or () if same_direction(each.code) == code), None)

    @property
    def approved_on(self) -> dt.date | None:
        """The day of the maslikhat's decision."""
        step = self.step("maslikhat_approval")
        return step.taken_on if step else None


def same_direction(code: str) -> str:
    """The one code of a direction that the methodology calls by two names."""
    return SAME_DIRECTION.get(code, code)


def strategy_of(data: Mapping[str, Any]) -> Strategy:
    """The strategy that a file of the form of `data/schema/checklist.schema.json` describes."""
    plain = ("horizon", "is_republican", "has_consultants", "indicator_count")
    lists = ("stages", "sections", "findings", "enquiries", "contents", "comparisons", "recommended")
    known: dict[str, Any] = {
        **{name: data[name]["value"] for name in plain if name in data},
        **{name: {row["code"]: row["is_present"] for row in data.get(name, ())} for name in lists},
        "series": {row["code"]: row["years"] for row in data.get("series", ())},
        "steps": [
            Step(row["code"], row["is_taken"], _date(row.get("taken_on")), row.get("reference"))
            for row in data.get("steps", ())
        ],
    }
    for name, kind in (("directions", Direction), ("indicators", Indicator)):
        if name in data:
            rows = ({key: row[key] for key in row if key != "cite"} for row in data[name])
            known[name] = [kind(**row) for row in rows]
    return Strategy(**known)


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
