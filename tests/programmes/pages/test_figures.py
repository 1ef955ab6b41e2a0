"""Figures, periods, deadlines and targets in words, in each language."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override

from indicators.periods import Frequency, Period
from indicators.templatetags.figures import aligned, day, figure, percent, period
from programmes.explaining import stated
from programmes.models import Kpi, Target
from programmes.templatetags.promises import bodies, deadline, lines


@pytest.mark.parametrize(
    ("language", "value", "decimals", "expected"),
    [
        ("en", Decimal("5.2"), 1, "5.2"),
        ("kk", Decimal("5.2"), 1, "5,2"),
        ("ru", 5.6625000000000005, 1, "5,7"),
        ("en", Decimal("3"), 1, "3"),
        ("en", Decimal("100"), 0, "100"),
        ("en", Decimal("1E+3"), 0, "1,000"),
        ("ru", Decimal("1234567.5"), 1, "1\u00a0234\u00a0567,5"),
        ("kk", 1234567.0, 1, "1\u00a0234\u00a0567"),
        ("en", Decimal("0.25"), 1, "0.3"),
        ("en", Decimal("-1.5"), 1, "\u22121.5"),
        ("en", 0.0, 1, "0"),
        ("en", -0.01, 1, "0"),
    ],
)
def test_a_figure_has_the_readers_separators_and_no_invented_decimals(
    language: str, value: Decimal | float, decimals: int, expected: str
) -> None:
    with override(language):
        assert figure(value, decimals) == expected


def test_zero_is_a_figure_and_missing_is_a_dash_with_a_word() -> None:
    with override("en"):
        assert figure(Decimal(0), 1) == "0"
        assert "—" in figure(None, 1)
        assert "no figure" in figure(None, 1)


def test_aligned_figures_are_equally_long() -> None:
    with override("en"):
        assert {len(aligned(value, 2)) for value in (Decimal("3"), Decimal("3.1"), Decimal("3.14"))} == {4}


def test_a_share_is_written_as_per_cent() -> None:
    with override("ru"):
        assert percent(0.9534, 1) == "95,3\u00a0%"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", "2024"),
        ("2024-Q3", "quarter 3 of 2024"),
        ("2024-S1", "half-year 1 of 2024"),
        ("2024-05", "May 2024"),
    ],
)
def test_periods_are_words(text: str, expected: str) -> None:
    with override("en"):
        assert period(Period.parse(text)) == expected


def test_a_day_has_its_month_in_small_letters_except_in_english() -> None:
    date = dt.date(2015, 1, 1)
    with override("kk"):
        assert day(date) == "2015 ж. 1 қаңтар"
    with override("ru"):
        assert day(date) == "1 января 2015 г."
    with override("en"):
        assert day(date) == "1 January 2015"


def test_neighbouring_lines_are_drawn_together() -> None:
    assert lines([5, 8, 7, 9, 7]) == "5, 7–9"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"type": "one_off", "period": "2012-Q3"}, "quarter 3 of 2012"),
        ({"type": "recurring", "months": [1, 7]}, "every year: January, July"),
        (
            {"type": "recurring", "months": [1], "from_year": 2013, "to_year": 2015},
            "every year: January (2013–2015)",
        ),
        ({"type": "period", "from_year": 2020, "to_year": 2025}, "2020–2025"),
        (None, "not stated"),
    ],
)
def test_deadline_rules_are_words(rule: dict[str, object] | None, expected: str) -> None:
    with override("en"):
        assert deadline(rule) == expected


def test_bodies_are_named_in_the_readers_language_with_their_agreement() -> None:
    names = {"kk": "Әкімдік", "ru": "Акимат", "en": "Akimat"}
    with override("ru"):
        assert bodies([{"name": names, "by_agreement": False}]) == "Акимат"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "comparator", "value", "value_max", "expected"),
    [
        ("level", "at_most", "3", None, "≤\u00a03\u00a0%"),
        ("level", "reach", "3", None, "3\u00a0%"),
        ("multiple", "at_least", "2", None, "×2"),
        ("change_pct", "at_least", "20", None, "+20\u00a0%"),
        ("change_pct", "at_most", "-20", None, "\u221220\u00a0%"),
        ("change_abs", "at_least", "1.5", None, "+1.5\u00a0%"),
        ("range", "within", "3", "5", "3–5\u00a0%"),
        ("yes_no", "reach", "1", None, "yes"),
    ],
)
def test_a_target_is_written_as_its_document_states_it(
    form: str, comparator: str, value: str, value_max: str | None, expected: str
) -> None:
    kpi = Kpi.objects.select_related("indicator__unit").get(code="KPI-7")
    kpi.form, kpi.comparator = form, comparator
    top = None if value_max is None else Decimal(value_max)
    target = Target(kpi=kpi, period_start=dt.date(2030, 1, 1), value=Decimal(value), value_max=top)
    with override("en"):
        assert stated(target, kpi) == expected


def test_a_period_that_is_not_known_is_a_dash() -> None:
    with override("en"):
        assert "no period" in period(None)
        assert str(Period(Frequency.ANNUAL, dt.date(2024, 1, 1))) == period(Period.parse("2024"))
