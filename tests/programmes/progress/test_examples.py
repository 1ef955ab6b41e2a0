"""docs/progress.md computed: every figure of its examples, edge cases and comparisons."""

import math
import re
from functools import cache
from typing import Any, NamedTuple

import pytest

from programmes.codes import Reason
from programmes.progress import METHOD, Results, compute
from tests.programmes.progress import other_methods
from tests.programmes.progress.cases import NAN, TODAY, Target, forecast, inputs_of, judge, row, standing
from tests.programmes.progress.document import (
    DASH,
    TEXT,
    Row,
    bounds,
    cited,
    dated,
    fact,
    kpis,
    number,
    promised,
    sections,
    share,
    shown,
    tables,
    years,
)
from tests.programmes.progress.other_methods import Point

EXAMPLES = sections("Example: ")
FACTS = ("verdict", "attainment", "distance", "pace")
PATHS = ("linear", "step", "geometric")


class Example(NamedTuple):
    """A promise with its figures as the document's table gives them."""

    code: str
    territory: str
    rules: dict[str, Any]
    baseline: tuple[float, float]
    targets: dict[int, Target]
    actuals: dict[int, float]
    results: Results


def rules_of(promise: str) -> dict[str, Any]:
    """Comparator, form and path of "at most, level" or "at least, multiple, step"."""
    comparator, *words = promise.split(", ")
    paths = [word for word in words if word in PATHS]
    forms = [word for word in words if word not in PATHS]
    return {
        "comparator": comparator.replace(" ", "_"),
        "form": forms[0] if forms else "level",
        "path": paths[0] if paths else "linear",
    }


@cache
def example(heading: str) -> Example:
    """The example below the heading."""
    figures = {each["figure"]: each for each in tables(heading)["figure"]}
    promise, baseline, actual = (figures.get(name) for name in ("promise", "baseline", "actuals"))
    assert promise is not None
    assert baseline is not None
    code, territory = re.findall(r"`(.+?)`", promise["source"])
    rules = rules_of(promise["value"])
    low, high = bounds(kpis()[code]["indicator"])
    year = number(baseline["year"]) if baseline["year"] else NAN
    start = year, NAN if baseline["value"] == "none" else number(baseline["value"])
    targets = series(figures["targets"])
    actuals = series(actual) if actual else {}
    results = judge(actuals, dict(targets), start, minimum=low, maximum=high, **rules)
    return Example(code, territory, rules, start, dict(targets), actuals, results)


def series(figures: Row) -> dict[int, float]:
    """Figures by year."""
    values = [number(value) for value in figures["value"].split("; ")]
    return dict(zip(years(figures["year"]), values, strict=True))


def same(one: float | None, other: float) -> bool:
    return one == other or (one is None and math.isnan(other))


@pytest.mark.parametrize("heading", EXAMPLES)
def test_the_promise_of_an_example_is_that_of_its_package(heading: str) -> None:
    found = example(heading)
    kpi = kpis()[found.code]
    defaults = {"form": "level", "path": "linear"}
    assert {key: kpi.get(key, defaults.get(key)) for key in found.rules} == found.rules
    assert {int(each["period"]): each["value"] for each in kpi["targets"]} == found.targets
    year, value = found.baseline
    assert same(kpi["baseline"]["value"], value)
    assert (kpi["baseline"]["period"] or "none").startswith(shown(year))
    cites = [kpi["cite"], kpi["baseline"].get("cite", {})]
    lines = {(each["document"], line) for each in cites if each for line in each["lines"]}
    for each in tables(heading)["figure"]:
        for document, line in re.findall(r"document (\d+), line (\d+)", each["source"]):
            assert (document, int(line)) in lines


@pytest.mark.parametrize("heading", EXAMPLES)
def test_the_actuals_of_an_example_are_those_of_their_file(heading: str) -> None:
    own = example(heading).territory
    for each in (each for each in tables(heading)["figure"] if ".csv" in each["source"]):
        [territory] = re.findall(r"actual of `(.+)`", each["figure"]) or [own]
        rows = list(cited(each["source"]))
        assert [int(found["period"][:4]) for found in rows] == years(each["year"])
        for found, value in zip(rows, series(each).values(), strict=True):
            assert found["territory"] == territory
            assert value in {number(found["value"]), number(found.get("printed") or "nan")}


@pytest.mark.parametrize("heading", [each for each in EXAMPLES if "year" in tables(each)])
def test_the_facts_of_an_example_are_computed(heading: str) -> None:
    results = example(heading).results
    for printed in tables(heading)["year"]:
        assert facts_row(results, int(printed["year"])) == printed


def facts_row(results: Results, year: int) -> Row:
    """The table's row of the year."""
    facts = row(results, year)
    figures = {name: facts[name] for name in ("actual", "expected")}
    return {
        "year": str(year),
        **{name: shown(value) for name, value in figures.items()},
        **{name: fact(facts, name) for name in (*FACTS, "course")},
    }


@pytest.mark.parametrize("heading", EXAMPLES)
def test_the_standing_of_an_example_is_computed(heading: str) -> None:
    printed = {f"Example: {each['example']}": each for each in tables("Standings and forecasts")["example"]}
    assert set(printed) == set(EXAMPLES)
    assert standing_row(example(heading).results).items() <= printed[heading].items()


def standing_row(results: Results) -> Row:
    """The table's row of the standing, with the forecast for the next target."""
    found = standing(results)
    year, ahead = found["year"], found["next_target_year"]
    outlook = None if math.isnan(ahead) else forecast(results, int(ahead))
    trend = Reason.NO_TARGET.value if outlook is None else outlook["reason"]
    if outlook and not trend:
        trend = f"{shown(outlook['value'])} ({shown(outlook['low'])}{DASH}{shown(outlook['high'])})"
    return {
        "standing": str(found["standing"]),
        "reason": str(found["reason"]) or "none",
        "figure of": shown(year),
        "next target": shown(ahead),
        "forecast": str(trend),
        "outlook": str(outlook["outlook"]) if outlook and outlook["outlook"] else "none",
    }


@pytest.mark.parametrize("heading", EXAMPLES)
def test_the_comparison_of_an_example_is_computed(heading: str) -> None:
    found = example(heading)
    given = [series(each) for each in tables(heading)["figure"] if each["value"][0].isdigit()]
    known = {point for figures in given for point in figures.items()}
    for printed in tables(heading)["method"]:
        pair = re.fullmatch(r"(.+) of (.+) in (\d+)", printed["actual"])
        cells = [printed[name] for name in ("from", "actual", "target")]
        if pair:
            over, under, year = pair.groups()
            cells = [f"{over} in {year}", f"{under} in {year}"]
        points = {(int(year), value) for year, value in map(dated, cells) if not math.isnan(value)}
        assert points <= known
        assert compared(printed, found) == printed["result"]


def compared(printed: Row, found: Example) -> str:
    """What the row's method makes of the row's figures."""
    rising = found.rules["comparator"] == "at_least"
    method, actual = printed["method"].partition(", ")[0], printed["actual"]
    if method == "DHIS2":
        pair = re.fullmatch(r"([\d.]+) of ([\d.]+) in \d+", actual)
        over, under = map(number, pair.groups()) if pair else (NAN, NAN)
        return shown(other_methods.dhis2_indicator(over, under, 100))
    base, current, target = (point(printed[name]) for name in ("from", "actual", "target"))
    if method == "this method":
        year = current.year if current else target.year if target else 0
        facts = row(found.results, year)
        return "; ".join(fact(facts, name) for name in FACTS)
    values = [each.value if each else None for each in (base, current, target)]
    if method == "UNICEF PRP":
        return f"{other_methods.unicef_prp_progress(*values) + 0:.2f}"
    if method == "akvo-rsr":
        percentage = other_methods.akvo_rsr_percentage(*values[1:])
        return "none" if percentage is None else f"{percentage} %"
    assert target
    if method == "plan/fact":
        return (
            share(other_methods.plan_fact(current.value, target.value, rising=rising)) if current else "none"
        )
    assert method == "Open SDG"
    if not base or not current:
        return "not_available"
    ratio = other_methods.open_sdg_ratio(base, current, target, rising=rising)
    word = other_methods.open_sdg_status(ratio, current, target, rising=rising)
    return word if ratio is None else f"{shown(ratio)} {word}"


def point(cell: str) -> Point | None:
    """The figure and year of the cell, if it has a figure."""
    year, value = dated(cell)
    return None if math.isnan(value) else Point(int(year), value)


@pytest.mark.parametrize("printed", tables("12. Edge cases")["case"], ids=lambda printed: printed["case"])
def test_an_edge_case_gives_what_the_document_prints(printed: Row) -> None:
    assert edge_row(printed) == printed


def edge_row(printed: Row) -> Row:
    """The table's row with its facts computed."""
    words = printed["promise"].split(", ")
    breaks = [int(word.removeprefix("break in ")) for word in words if word.startswith("break")]
    over_time = next((word for word in words if word in {"sum", "last"}), "none")
    promise = ", ".join(word for word in words if not word.startswith("break") and word != over_time)
    found = re.fullmatch(r"(.+) in (\d+)(?: \((\d+) months\))?", printed["actual"])
    assert found
    value, year, months = found.groups()
    facts = judge(
        {} if value == "none" else {int(year): number(value)}, promised(printed["targets"]),
        dated(printed["baseline"]), months={int(year): int(months)} if months else None,
        breaks=breaks, over_time=over_time, **rules_of(promise),
    )  # fmt: skip
    shares = {name: fact(row(facts, int(year)), name) for name in (*FACTS, "course")}
    return printed | shares


@pytest.mark.parametrize(
    "printed", tables("Example: small enterprises in the monotowns")["times the number of 2011"]
)
def test_the_arithmetic_of_a_multiple_needs_no_figure_of_the_baseline(printed: Row) -> None:
    found = example("Example: small enterprises in the monotowns")
    times = number(printed["times the number of 2011"])
    for base in (1.0, 150.0, 7e6):
        facts = row(judge({2015: times * base}, found.targets, (2011, base), **found.rules), 2015)
        assert {name: fact(facts, name) for name in FACTS}.items() <= printed.items()


def test_a_ratio_of_sums_is_not_the_mean_of_ratios() -> None:
    *parts, mean, whole = tables("6. Groups")["placed in work in 2023"]
    rows = [
        list(
            zip(cited(each["source"].split(" and ")[0]), cited(each["source"].split(" and ")[1]), strict=True)
        )
        for each in parts
    ]
    pairs = [(number(over["value"]), number(under["value"])) for [(over, under)] in rows]
    assert [(number(each["placed"]), number(each["planned"])) for each in parts] == pairs
    assert [each["share"] for each in parts] == [share(over / under) for over, under in pairs]
    assert mean["share"] == share(sum(over / under for over, under in pairs) / len(pairs))
    results = compute(
        inputs_of(
            kpis=[{"aggregation": "ratio"}],
            places=[(1, number, NAN, NAN) for number in range(len(pairs))],
            targets=[(1, 2023, 1, NAN, False)],
            parts=[(1, number, 2023, *pair) for number, pair in enumerate(pairs)],
        ),
        TODAY,
    )
    group = results.group_progress.iloc[0]
    assert whole["share"] == share(group["actual"])
    assert (group["members"], group["members_total"]) == (2, 2)
    sums = [sum(each) for each in zip(*pairs, strict=True)]
    assert [whole["placed"], whole["planned"]] == [shown(each) for each in sums]


def test_a_sum_needs_every_member() -> None:
    [source] = re.findall(r"the (`.+?observations.csv`, lines \d+–\d+) add up to", TEXT)
    [printed] = re.findall(r"add up to ([\d ]+) people", TEXT)
    towns = [number(each["value"]) for each in cited(source)]
    for known, total in ((towns, number(printed.replace(" ", ""))), (towns[1:], NAN)):
        results = compute(
            inputs_of(
                kpis=[{"aggregation": "sum"}],
                places=[(1, town, NAN, NAN) for town in range(len(towns))],
                targets=[(1, 2011, 1, NAN, False)],
                actuals=[(1, town, 2011, value, 12) for town, value in enumerate(known)],
            ),
            TODAY,
        )
        group = results.group_progress.iloc[0]
        assert group["actual"] == pytest.approx(total, nan_ok=True)
        assert group["members"] == len(known)
        assert group["verdict_reason"] == (Reason.INCOMPLETE_GROUP if math.isnan(total) else "")


def test_the_document_explains_every_reason() -> None:
    assert [each["code"].strip("`") for each in tables("9. Reasons")["code"]] == [*Reason]


def test_the_document_is_of_the_version_of_the_method() -> None:
    assert tables("15. Versions")["version"][-1]["version"] == METHOD
