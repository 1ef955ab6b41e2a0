"""Is a town a monotown, and is its economic potential high, medium or low?

Document 001 (the Monotowns programme, Government resolution No. 683 of 25 May 2012) gives the entry test in
section 2, lines 171–179, and the criteria of potential in annex 2, lines 2281–2362. Every criterion is
answered yes, no or unknown, and an answer that depends on what is unknown stays unknown (Kleene's logic).
The annex does not say how its criteria combine: a policy says it. docs/methods-monotowns.md explains the
readings taken. Items carry the codes of the programme's provisions, whose texts readers see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import product

from programmes.methods.monotown_criteria import (
    Answer,
    Evidence,
    Group,
    Join,
    Number,
    Relation,
    Result,
    YesNo,
    assess,
    criteria,
    joined,
)

MIN_POPULATION = Decimal(10_000)  # section 2, lines 171–172
MAX_POPULATION = Decimal(200_000)  # section 2, lines 171–172
OUTPUT_SHARE = Decimal(20)  # section 2, 1), lines 173–175: more than, per cent
EMPLOYMENT_SHARE = Decimal(20)  # section 2, 2), lines 176–177: more than, per cent
LASTING_RESERVES = Decimal(25)  # annex 2, high 1), lines 2284–2285: "25–30 years", from the lower end
SCARCE_RESERVES = Decimal(10)  # annex 2, low 3), lines 2336, 2340: "5–10 and fewer", from the upper end
REMOTE_KM = Decimal(75)  # annex 2, low 1), lines 2325–2326: 75 or more
REMOTE_HOURS = Decimal(1)  # annex 2, low 1), lines 2325–2326: an hour's access
NETWORK_WEAR = Decimal(80)  # annex 2, low 5), line 2347: exceeds, per cent
FACILITY_WEAR = Decimal(70)  # annex 2, low 5), line 2348: reaches, per cent
UNCHANGED = Decimal(0)  # annex 2, low 2), lines 2331–2333: a fall, a negative balance


class Outcome(StrEnum):
    """A class of potential (lines 2322–2323, 2358–2362), or why there is none."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    CONFLICT = "conflict"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Reading:
    """How a list is read: how many items it needs, and how many parts an item needs."""

    items: Join
    parts: Join


@dataclass(frozen=True)
class Policy:
    """A reading of each list, since lines 2322–2323 and 2358–2359 give none."""

    code: str
    high: Reading
    low: Reading


POLICIES = (
    *(Policy(join.value, Reading(join, join), Reading(join, join)) for join in Join),
    Policy("cautious", high=Reading(Join.ALL, Join.ALL), low=Reading(Join.ANY, Join.ANY)),
)


@dataclass(frozen=True)
class Classification:
    """Both lists under a policy, and the class that follows. The official class plays no part in it."""

    policy: Policy
    high: Result
    low: Result

    @property
    def possible(self) -> frozenset[Outcome]:
        """The outcomes that answers to what is unknown can still lead to, list by list."""
        return frozenset(
            _outcome(high, low) for high, low in product(_settled(self.high), _settled(self.low))
        )

    @property
    def outcome(self) -> Outcome:
        """A class, a conflict where a town satisfies both lists, or undetermined."""
        (first, *others) = self.possible
        return Outcome.UNDETERMINED if others else first

    @property
    def missing(self) -> tuple[str, ...]:
        """Criteria that lack evidence, or enough of it, to determine it; empty if it is determined."""
        return tuple(dict.fromkeys(self.high.missing + self.low.missing))


# Section 2, lines 171–179: a band of population, and one of three signs.
ENTRY = Group(
    "entry",
    (
        Group(
            "R-001-SIZE",
            (
                Number("population", Relation.AT_LEAST, MIN_POPULATION),
                Number("population", Relation.AT_MOST, MAX_POPULATION),
            ),
            Join.ALL,
        ),
        Group(
            "R-001-CAT",
            (
                Number("output_share", Relation.OVER, OUTPUT_SHARE),
                Number("employment_share", Relation.OVER, EMPLOYMENT_SHARE),
                YesNo("enterprise_idle"),
            ),
            Join.ANY,
        ),
    ),
    Join.ALL,
)

# Annex 2, lines 2281–2321. The heading of item 2 is not printed.
HIGH = (
    Group(
        "R-001-POS-1",
        (
            YesNo("finances_sound"),
            YesNo("depletion_risk", wanted=False),
            Number("reserves_years", Relation.AT_LEAST, LASTING_RESERVES),
            Group("demand", (YesNo("demand_stable"), YesNo("output_hindered", wanted=False)), Join.ALL),
        ),
    ),
    Group("R-001-POS-2", (YesNo("on_trunk_route"), YesNo("logistics_possible"))),
    Group("R-001-POS-3", (YesNo("near_large_city"),)),
    Group(
        "R-001-POS-4",
        (
            YesNo("promising_deposits"),
            Group("other_potential", (YesNo("recreation_potential"), YesNo("science_potential"))),
        ),
    ),
    Group("R-001-POS-5", (YesNo("service_centre"),)),
    Group("R-001-POS-6", (YesNo("small_business_developed"), YesNo("vocational_school"))),
    Group("R-001-POS-7", (YesNo("skilled_specialists"),)),
    Group("R-001-POS-8", (YesNo("excess_pollution", wanted=False),)),
    Group("R-001-POS-9", (Number("income_to_national_mean", Relation.AT_LEAST),)),
)

# Annex 2, lines 2325–2357.
LOW = (
    Group(
        "R-001-NEG-1",
        (
            Group(
                "remoteness",
                (
                    Number("distance_km", Relation.AT_LEAST, REMOTE_KM),
                    Number("access_hours", Relation.AT_LEAST, REMOTE_HOURS),
                ),
                Join.ANY,
            ),
            YesNo("dead_end"),
            YesNo("worn_links"),
        ),
    ),
    Group(
        "R-001-NEG-2",
        (
            Number("population_fall", Relation.OVER, UNCHANGED),
            Number("migration_balance", Relation.BELOW, UNCHANGED),
        ),
    ),
    Group(
        "R-001-NEG-3",
        (
            YesNo("deposits_exhausted"),
            YesNo("ore_grade_falling"),
            Number("reserves_years", Relation.AT_MOST, SCARCE_RESERVES),
        ),
    ),
    Group("R-001-NEG-4", (YesNo("output_fallen"), YesNo("product_uncompetitive")), Join.ALL),
    Group(
        "R-001-NEG-5",
        (
            YesNo("unsafe_housing_high"),
            Group(
                "network_wear",
                tuple(
                    Number(code, Relation.OVER, NETWORK_WEAR)
                    for code in ("water_wear", "electricity_wear", "heat_wear")
                ),
            ),
            Group(
                "facility_wear",
                tuple(
                    Number(code, Relation.AT_LEAST, FACILITY_WEAR)
                    for code in ("health_wear", "education_wear", "culture_wear")
                ),
            ),
        ),
    ),
    Group("R-001-NEG-6", (YesNo("ecological_disaster"), YesNo("excess_pollution")), Join.ALL),
    Group("R-001-NEG-7", (Number("unemployment_to_oblast_mean", Relation.OVER),)),
    Group("R-001-NEG-8", (Number("self_employment_to_oblast_mean", Relation.OVER),)),
    Group("R-001-NEG-9", (Number("income_to_oblast_mean", Relation.BELOW),)),
)


# What each code asks for. One code may be asked about in several places, always in the same manner.
CRITERIA = {criterion.code: type(criterion) for node in (ENTRY, *HIGH, *LOW) for criterion in criteria(node)}


def enter(evidence: Mapping[str, Evidence]) -> Result:
    """The entry test. The document prints how its parts combine, so no policy is needed.

    `ValueError` for evidence of something that is no criterion, or for a bare yes where a number is asked.
    """
    _check(evidence)
    return assess(ENTRY, evidence, Join.ALL)


def classify(evidence: Mapping[str, Evidence], policy: Policy) -> Classification:
    """The class of potential under a policy; errors as `enter`."""
    _check(evidence)
    return Classification(
        policy,
        high=_list("R-001-POT-HIGH", HIGH, evidence, policy.high),
        low=_list("R-001-POT-LOW", LOW, evidence, policy.low),
    )


def _check(evidence: Mapping[str, Evidence]) -> None:
    for code, known in evidence.items():
        if code not in CRITERIA:
            raise ValueError(f"no criterion has the code {code}")
        if CRITERIA[code] is Number and known.value is None:
            raise ValueError(f"the criterion {code} asks for a number")


def _list(code: str, items: Sequence[Group], evidence: Mapping[str, Evidence], reading: Reading) -> Result:
    results = tuple(assess(item, evidence, reading.parts) for item in items)
    return Result(code, joined([item.answer for item in results], reading.items), results, reading.items)


def _settled(result: Result) -> tuple[bool, ...]:
    """The answers that a list can still get."""
    return (True, False) if result.answer == Answer.UNKNOWN else (result.answer == Answer.YES,)


def _outcome(high: bool, low: bool) -> Outcome:
    """Neither list means medium (lines 2360–2362); no list goes before the other."""
    if high:
        return Outcome.CONFLICT if low else Outcome.HIGH
    return Outcome.LOW if low else Outcome.MEDIUM
