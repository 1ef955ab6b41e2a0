"""What the methods' codes are called in the reader's language: criteria, policies, outcomes, faults."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.writing import written
from programmes.methods.monotown_criteria import Answer, Join, Relation
from programmes.methods.monotowns import Outcome
from programmes.methods.programme_rules import Code
from programmes.methods.rural_method import Block, Category, Effect, Fault, MethodError
from programmes.methods.rural_scoring import GEOSPATIAL, Scope

Words = Mapping[str, Promise]

# --- Monotowns -----------------------------------------------------------------------------------------

LISTS: Words = {
    "entry": _("Entry test: is it a monotown?"),
    "R-001-POT-HIGH": _("Signs of prospects"),
    "R-001-POT-LOW": _("Signs of a lack of prospects"),
}

ITEMS: Words = {
    "R-001-SIZE": _("Size"),
    "R-001-CAT": _("Weight of the town-forming enterprises"),
    "R-001-POS-1": _("A sound town-forming enterprise with a lasting raw-material base"),
    "R-001-POS-2": _("A main road or railway, and logistics"),
    "R-001-POS-3": _("Nearness to a large city"),
    "R-001-POS-4": _("Special potential"),
    "R-001-POS-5": _("A centre of services"),
    "R-001-POS-6": _("Active small business and vocational schools"),
    "R-001-POS-7": _("Skilled staff"),
    "R-001-POS-8": _("Favourable ecology"),
    "R-001-POS-9": _("Incomes not below the national mean"),
    "R-001-NEG-1": _("Remoteness and poor transport links"),
    "R-001-NEG-2": _("A steady outflow of people"),
    "R-001-NEG-3": _("An exhausted mineral base"),
    "R-001-NEG-4": _("Falling output of an uncompetitive product"),
    "R-001-NEG-5": _("Worn-out infrastructure"),
    "R-001-NEG-6": _("Unfavourable ecology"),
    "R-001-NEG-7": _("Unemployment above the oblast mean"),
    "R-001-NEG-8": _("Self-employment above the oblast mean"),
    "R-001-NEG-9": _("Incomes below the oblast mean"),
}

PARTS: Words = {
    "demand": _("Demand and output"),
    "other_potential": _("Other potential"),
    "remoteness": _("Distance or time"),
    "network_wear": _("Wear of networks"),
    "facility_wear": _("Wear of social facilities"),
}

CRITERIA: Words = {
    "population": _("Population"),
    "output_share": _("Share of the town-forming enterprises in the town's output"),
    "employment_share": _("Share of the town-forming enterprises in the town's employment"),
    "enterprise_idle": _("Town-forming enterprises work in part or not at all"),
    "finances_sound": _("The town-forming enterprise has sound finances"),
    "depletion_risk": _("The ore base is at risk of depletion"),
    "reserves_years": _("Reserves at the present rate of extraction"),
    "demand_stable": _("Demand for the product is stable"),
    "output_hindered": _("Something lowers the output"),
    "on_trunk_route": _("On a road or railway of international or national significance"),
    "logistics_possible": _("Logistics can be set up: railway stations, warehouses"),
    "near_large_city": _("Near a large city or in an agglomeration"),
    "promising_deposits": _("Promising mineral deposits nearby"),
    "recreation_potential": _("Places for recreation, unique reserves"),
    "science_potential": _("Scientific and innovation potential"),
    "service_centre": _("Able to give a wide range of services, also to the villages around"),
    "small_business_developed": _("Small and medium business is developed"),
    "vocational_school": _("A technical or vocational school is at work"),
    "skilled_specialists": _("Highly skilled technical specialists live in the town"),
    "excess_pollution": _("Sources pollute above environmental norms"),
    "income_to_national_mean": _("Incomes of the population against the national mean"),
    "distance_km": _("Distance to large cities and main transport corridors"),
    "access_hours": _("Time to large cities and main transport corridors"),
    "dead_end": _("A dead end: neither a national road nor a railway"),
    "worn_links": _("Transport links with other towns and regions are worn out"),
    "population_fall": _("Fall in population over ten years"),
    "migration_balance": _("Balance of migration over ten years"),
    "deposits_exhausted": _("The mineral base is exhausted"),
    "ore_grade_falling": _("The useful component in the ore is falling"),
    "output_fallen": _("Output has fallen considerably over ten years"),
    "product_uncompetitive": _("The product is not competitive"),
    "unsafe_housing_high": _("The share of unsafe housing is high"),
    "water_wear": _("Wear of the water supply"),
    "electricity_wear": _("Wear of the power supply"),
    "heat_wear": _("Wear of the heat supply"),
    "health_wear": _("Wear of health care facilities"),
    "education_wear": _("Wear of education facilities"),
    "culture_wear": _("Wear of culture facilities"),
    "ecological_disaster": _("In a zone of ecological disaster"),
    "unemployment_to_oblast_mean": _("Unemployment rate against the oblast mean"),
    "self_employment_to_oblast_mean": _("Share of the self-employed against the oblast mean"),
    "income_to_oblast_mean": _("Incomes of the population against the oblast mean"),
}

# What satisfies a criterion that wants a no.
DENIED: Words = {
    "depletion_risk": _("The ore base is not at risk of depletion"),
    "output_hindered": _("Nothing lowers the output"),
    "excess_pollution": _("No source pollutes above environmental norms"),
}

MEANS: Words = {
    "income_to_national_mean": _("national mean"),
    "unemployment_to_oblast_mean": _("oblast mean"),
    "self_employment_to_oblast_mean": _("oblast mean"),
    "income_to_oblast_mean": _("oblast mean"),
}

# Units of the catalogue. Incomes are compared in whichever unit the evidence has.
UNITS = {
    "population": "PERSONS",
    "migration_balance": "PERSONS",
    "reserves_years": "YR",
    "distance_km": "KM",
    "access_hours": "HOURS",
    **dict.fromkeys(
        (
            "output_share", "employment_share", "population_fall", "unsafe_housing_high", "water_wear",
            "electricity_wear", "heat_wear", "health_wear", "education_wear", "culture_wear",
            "unemployment_to_oblast_mean", "self_employment_to_oblast_mean",
        ),
        "PT",
    ),
}  # fmt: skip

SIGNS = {Relation.OVER: ">", Relation.AT_LEAST: "≥", Relation.AT_MOST: "≤", Relation.BELOW: "<"}

ANSWERS: Words = {
    Answer.YES: _("yes"),
    Answer.NO: _("no"),
    Answer.UNKNOWN: _("unknown"),
}

JOINS: Words = {
    Join.ANY: _("one of these is enough"),
    Join.MAJORITY: _("most of these are needed"),
    Join.ALL: _("all of these are needed"),
}

OUTCOMES: Words = {
    Outcome.HIGH: _("high potential"),
    Outcome.MEDIUM: _("medium potential"),
    Outcome.LOW: _("low potential"),
    Outcome.CONFLICT: _("conflict"),
    Outcome.UNDETERMINED: _("undetermined"),
}

POLICIES: Words = {
    "any": _("One sign"),
    "majority": _("Most signs"),
    "all": _("All signs"),
    "cautious": _("Cautious"),
}

POLICY_WORDS: Words = {
    "any": _("One item of a list is enough, and one part of an item."),
    "majority": _("Five items of the nine are needed, and more than half of the parts of an item."),
    "all": _("All nine items of a list are needed, and all parts of an item."),
    "cautious": _("High needs all nine items in all their parts; for low one part of one item is enough."),
}

# --- Rural settlements ---------------------------------------------------------------------------------

BLOCKS: Words = {
    Block.DEMOGRAPHY: _("Demography"),
    Block.INFRASTRUCTURE: _("Infrastructure"),
    Block.ECONOMY: _("Economy"),
    GEOSPATIAL: _("Geospatial rule"),
}

CATEGORIES: Words = {
    Category.STRATEGIC: _("strategic"),
    Category.SUPPORT: _("support"),
    Category.SATELLITE: _("satellite"),
    Category.OTHER: _("other"),
}

EFFECTS: Words = {
    Effect.SCORE: _("adds points"),
    Effect.FILTER: _("shuts out those that do not satisfy it"),
    Effect.OVERRIDE: _("decides the category"),
}

SCOPES: Words = {
    Scope.NATION: _("among all settlements"),
    Scope.OBLAST: _("within each oblast"),
    Scope.DISTRICT: _("within each district"),
}

FAULTS: Words = {
    Fault.BLOCKS: _("The blocks make %(total)s points instead of 100."),
    Fault.CRITERIA: _("%(about)s: the criteria make %(found)s points, the block has %(points)s."),
    Fault.CODES: _("This column is named twice: %(about)s."),
    Fault.POINTS: _("%(about)s: the points must be more than 0."),
    Fault.SCALE: _(
        "%(about)s: the lower end of the scale (%(low)s) must lie below the upper end (%(high)s)."
    ),
    Fault.FLAT: _(
        "%(about)s: all values are %(value)s, so they make no scale. Write the ends of one into the criteria."
    ),
    Fault.RULE: _(
        "The geospatial rule: points belong to a rule that adds them, a category to one that decides it, and "
        "neither to one that shuts out."
    ),
    Fault.THRESHOLDS: _(
        "The thresholds must fall from strategic through support to satellite, above 0 and not above the "
        "highest possible score."
    ),
    Fault.MISSING_THRESHOLDS: _("There is no threshold for: %(about)s."),
    Fault.COLUMN: _("The file of settlements lacks the column “%(about)s”."),
    Fault.VALUE: _(
        "%(about)s: only numbers can be scored, and for the geospatial rule only 1, 0 and empty cells."
    ),
    Fault.INDEX: _(
        "These settlements are listed twice: %(about)s. Names must differ, or add a code to them."
    ),
    Fault.GROUP: _("%(about)s: the column is empty for %(settlements)s settlements."),
    Fault.SHIFT: _("The shift must be more than 0 and not more than the smallest block, here %(shift)s."),
}


def fault_in_words(error: MethodError) -> str:
    """What is wrong with a scoring method or its values, and how to mend it."""
    about = ", ".join(str({**BLOCKS, **CATEGORIES}.get(name, name)) for name in error.about)
    numbers = {name: written(value, 4) for name, value in error.numbers.items()}
    return str(FAULTS[error.fault]) % {"about": about, **numbers}


# --- Rules in numbers ----------------------------------------------------------------------------------

LOAN_TERMS: Words = {
    Code.AMOUNT: _("Sum"),
    Code.MONTHS: _("Term"),
    Code.GRACE: _("Time free of repayment"),
    Code.RATE: _("Interest rate"),
    Code.OTHER_RATE: _("Interest rate"),
}

LOAN_UNITS = {
    Code.AMOUNT: "KZT",
    Code.MONTHS: "MONTHS",
    Code.GRACE: "MONTHS",
    Code.RATE: "PT_Y",
    Code.OTHER_RATE: "PT_Y",
}
