"""Every number can be explained: its formula gives it, or a reason and a cure are there."""

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any

import pandas as pd
import pytest
from django.utils import timezone
from django.utils.translation import override

from indicators.models import Indicator, Series, Unit
from programmes.codes import Reason
from programmes.explaining import Explanation, explain
from programmes.explaining.cures import CURES, cure_of
from programmes.explaining.facts import Case, facts_of
from programmes.explaining.ground import ground_of
from programmes.explaining.inputs import Input, level_of
from programmes.models import GroupProgress, GroupStanding, Kpi, Programme, Progress, Standing, Target
from programmes.progress import compute
from tests.programmes.explanations import flaws_of, kpi_of
from tests.programmes.progress.cases import TODAY, inputs_of

FIGURES: dict[str, object] = dict.fromkeys(
    ("year", "baseline_year", "months", "tolerance", "members", "members_total"), 7
)


@pytest.mark.django_db
def test_the_arithmetic_shown_gives_every_stored_result() -> None:
    kpis = {kpi.pk: kpi for kpi in Kpi.objects.select_related("programme", "indicator__unit", "breakdown")}
    standings = {(each.kpi_id, each.territory_id): each for each in Standing.objects.select_related("series")}
    today, flaws = timezone.localdate(), {}
    for row in Progress.objects.all():
        standing = standings[row.kpi_id, row.territory_id]
        flaws[row.pk] = list(flaws_of(explain(kpis[row.kpi_id], row, standing, today, ())))
    for group in GroupProgress.objects.all():
        standing_of_group = GroupStanding.objects.get(kpi=group.kpi_id)
        flaws[group.pk] = list(flaws_of(explain(kpis[group.kpi_id], group, standing_of_group, today, ())))
    assert len(flaws) > 600
    assert {key: found for key, found in flaws.items() if found} == {}


FORMS: dict[str, list[tuple[int, float, float, bool]]] = {
    "level": [(2023, 14, math.nan, False), (2026, 30, math.nan, False)],
    "multiple": [(2023, 1.5, math.nan, False), (2026, 2, math.nan, False)],
    "change_pct": [(2023, -20, math.nan, False), (2026, -30, math.nan, True)],
    "change_abs": [(2023, 2, math.nan, False), (2026, 3, math.nan, True)],
    "change_per_year": [(2023, 2, math.nan, False), (2026, -1, math.nan, False)],
    "growth_pct": [(2023, 5, math.nan, False), (2026, 7, math.nan, False)],
    "rank": [(2023, 9, math.nan, False), (2026, 5, math.nan, False)],
    "range": [(2023, 14, 16, False), (2026, 8, 11, False)],
    "yes_no": [(2026, 1, math.nan, False)],
}
ACTUALS = {2018: 9.0, 2020: 10.0, 2021: 14.0, 2022: 8.5, 2023: 15.0, 2024: 0.0, 2025: -3.0, 2027: 30.0}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comparator_and_path_is_explained_as_it_is_computed(form: str) -> None:
    comparators = ["at_least", "at_most", "reach", *(["within"] if form in {"level", "range"} else [])]
    cases = list(enumerate(product(comparators, ("linear", "step", "geometric"), (10.0, -4.0, math.nan))))
    rules = [
        {"kpi": kpi, "comparator": comparator, "form": form, "path": path}
        for kpi, (comparator, path, _) in cases
    ]
    results = compute(
        inputs_of(
            rules, [(kpi, 1, baseline, 2020) for kpi, (_, _, baseline) in cases],
            [(kpi, *target) for kpi, _ in cases for target in FORMS[form]],
            [(kpi, 1, year, value, 12) for kpi, _ in cases for year, value in ACTUALS.items()],
        ),
        TODAY,
    )  # fmt: skip
    assert set(results.progress["kpi"]) == {kpi for kpi, _ in cases}
    for facts in results.progress.to_dict("records"):
        explanation = computed(rules[facts["kpi"]], {str(name): value for name, value in facts.items()})
        assert list(flaws_of(explanation)) == [], (*cases[facts["kpi"]], facts["year"])


def computed(rule: dict[str, Any], facts: dict[str, Any]) -> Explanation:
    """The explanation of a computed row that is not stored, without origins."""
    programme = Programme(on_track_from=0.95, at_risk_from=0.6)
    terms = {name: rule[name] for name in ("comparator", "form", "path")}
    kpi = Kpi(pk=1, programme=programme, indicator=Indicator(unit=Unit()), **terms)
    targets = [
        Target(
            period_start=dt.date(year, 1, 1), value=Decimal(str(value)), is_additional=extra,
            value_max=None if math.isnan(top) else Decimal(str(top)),
        )
        for year, value, top, extra in FORMS[rule["form"]]
    ]  # fmt: skip
    names = {field.name for field in Progress._meta.concrete_fields} - {"kpi", "territory"}
    known = {name: None if pd.isna(facts[name]) else facts[name] for name in names}
    whole = {name: int(value) for name, value in known.items() if "year" in name and value is not None}
    row = Progress(**{**known, **whole})
    case = Case(kpi, row, ground_of(kpi, targets, row.baseline, row.baseline_year), None, TODAY)
    levels = [
        Input(f"target_{each.period.year}", "", case.ground.knots[each.period.year].level, "target",
              formula=level_of(case, each, targets))
        for each in targets
    ]  # fmt: skip
    plain = [Input(code, "", None, "") for code in ("actual", "baseline", "on_track_from", "at_risk_from")]
    return Explanation(kpi, row, "2.0", [*plain, *levels], facts_of(case))


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_reason_says_what_would_have_to_be_known(reason: Reason, language: str) -> None:
    assert set(CURES) == set(Reason)
    with override(language):
        sentence = cure_of(reason, FIGURES)
    assert sentence.endswith(".")
    assert "%(" not in sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("programme", "code"),
    [("almaty-2025", "KPI-7"), ("almaty-2025", "5.2-1"), ("monotowns-2012-2020", "M-2")],
)
def test_any_explanation_takes_three_queries(
    django_assert_num_queries: Callable[..., Any], programme: str, code: str
) -> None:
    kpi = kpi_of(programme, code)
    row = Progress.objects.filter(kpi=kpi).order_by("territory", "-year")[0]
    series = Series.objects.select_related("source").filter(frequency="A")[0]
    standing = Standing.objects.select_related("territory").get(kpi=kpi, territory=row.territory_id)
    standing.series = series
    with django_assert_num_queries(3):  # figures, revisions, lines of documents
        explain(kpi, row, standing, TODAY, ())
