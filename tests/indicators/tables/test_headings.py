"""Periods as headings write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.tables.cells import Cell
from indicators.tables.headings import (
    Caveat,
    combine,
    parse_heading,
    parse_part,
    settle,
    title_period,
    without_period,
)


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        ("2024|2024 год|2024г.|2024 ж.|2024 жыл|2024 жылы|2024.0|2024*|2024¹)|за 2024 год|2024 1)", "2024"),
        ("2024 (предварительные данные)|2024 (алдын ала деректер)|2024 (provisional)", "2024"),
        ("I квартал 2024|1 квартал 2024 г.|1-й квартал 2024|первый квартал 2024 года|1 кв. 2024", "2024-Q1"),
        ("2024 жылғы I тоқсан|1-ші тоқсан 2024|І тоқсан 2024|бірінші тоқсан 2024", "2024-Q1"),
        ("Q1 2024|2024 Q1|2024-Q1|2024Q1|1st quarter 2024|first quarter of 2024", "2024-Q1"),
        ("I полугодие 2024|1-е полугодие 2024|2024 жылғы бірінші жартыжылдық|2024-S1|H1 2024", "2024-S1"),
        ("январь 2024|қаңтар 2024|2024 жылғы қаңтар|January 2024|янв. 2024", "2024-01"),
        ("01.2024|2024-01|2024M01|2024-M01|2024/01|Jan-24|янв.24", "2024-01"),
        ("апрель-июнь 2024|сәуір – маусым 2024", "2024-Q2"),
        ("январь-март 2024|3 месяца 2024|қаңтар-наурыз 2024", "2024-Q1"),
        ("январь-июнь 2024|6 мес. 2024|қаңтар-маусым 2024|I-II квартал 2024", "2024-S1"),
        ("январь-декабрь 2024", "2024"),
    ],
)  # fmt: skip
def test_variants_of_a_period_meet(texts: str, period: str) -> None:
    found = [parse_heading(text) for text in texts.split("|")]
    assert [str(heading and heading.period()) for heading in found] == [period] * len(found)
    assert all(heading is not None and heading.caveat is None for heading in found)


@pytest.mark.parametrize(
    ("text", "period", "caveat"),
    [
        ("қаңтар-қыркүйек 2024", "2024-Q3", Caveat.CUMULATIVE),
        ("9 месяцев 2024", "2024-Q3", Caveat.CUMULATIVE),
        ("11 мес. 2024", "2024-11", Caveat.CUMULATIVE),
        ("I-III квартал 2024", "2024-Q3", Caveat.CUMULATIVE),
        ("январь-май 2024", "2024-05", Caveat.CUMULATIVE),
        ("на 1 января 2024 года", "2024-01", Caveat.OPENING),
        ("2024 жылдың басына", "2024", Caveat.OPENING),
    ],
)
def test_a_caveat_says_that_the_figure_may_not_be_of_the_period(
    text: str, period: str, caveat: Caveat
) -> None:
    heading = parse_heading(text)
    assert heading is not None
    assert (str(heading.period()), heading.caveat) == (period, caveat)


@pytest.mark.parametrize("cell", [2003.0, 2003, "2003"])
def test_a_year_may_be_a_number(cell: Cell) -> None:
    heading = parse_heading(cell)
    assert heading is not None
    assert heading.year == 2003


@pytest.mark.parametrize(
    "cell",
    ["", None, True, 5.7, 1850, 2101.0, "2015/2016", "1999-2016гг.", "2024, %", "2024 в % к 2023", "12",
     "Value", "M", "15.05.2024", "31.02.2024", "5 квартал 2024", "Бейнеу", "х" * 500],
)  # fmt: skip
def test_other_cells_are_no_periods(cell: Cell) -> None:
    assert parse_heading(cell) is None


@pytest.mark.parametrize(
    "cells",
    [("31.12.2024",), ("2024-12-31T00:00:00",), (date(2024, 12, 31),), (datetime(2024, 12, 31, 12),)],  # noqa: DTZ001
)
def test_the_last_day_of_a_year_closes_the_year(cells: tuple[Cell, ...]) -> None:
    headings = [heading for cell in cells if (heading := parse_heading(cell))]
    assert [str(heading.period()) for heading in settle(headings)] == ["2024"]


def test_other_closing_days_tell_how_long_their_periods_are() -> None:
    def settled(*texts: str) -> list[str]:
        headings = [heading for text in texts if (heading := parse_heading(text))]
        return [str(heading.period()) for heading in settle(headings)]

    assert settled("30.06.2024", "31.12.2024") == ["2024-S1", "2024-S2"]
    assert settled("31.03.2024", "31.12.2024") == ["2024-Q1", "2024-Q4"]
    assert settled("29.02.2024", "31.12.2024") == ["2024-02", "2024-12"]


def test_a_year_and_its_part_make_one_heading_in_either_order() -> None:
    year, quarter, annual = parse_heading("2024"), parse_heading("II квартал"), parse_heading("год")
    for parts in ((year, quarter), (quarter, year), (None, year, None, quarter)):
        whole = combine(*parts)
        assert whole is not None
        assert str(whole.period()) == "2024-Q2"
    whole = combine(year, annual)
    assert whole is not None
    assert str(whole.period()) == "2024"


def test_a_part_without_a_year_is_no_period() -> None:
    heading = parse_heading("қаңтар")
    assert heading is not None
    assert heading.period() is None


def test_a_bare_number_takes_its_meaning_from_the_columns_name() -> None:
    quarter, month, year = parse_part(3.0, "Квартал"), parse_part("3", "Ай"), parse_part(2024.0, "Год")
    assert quarter is not None
    assert month is not None
    assert year is not None
    assert (quarter.frequency, month.frequency, year.frequency) == ("Q", "M", "A")
    assert parse_part("13", "Месяц") is None


@given(st.text(max_size=40) | st.floats() | st.integers() | st.datetimes() | st.dates())
def test_it_never_raises(cell: Cell) -> None:
    heading = parse_heading(cell)
    assert heading is None or heading.year is None or heading.period() is not None


@pytest.mark.parametrize(
    ("title", "period", "rest"),
    [
        ("Численность населения на конец 2024 года", "2024", "Численность населения"),
        ("Жұмыссыздық деңгейі (2024 жыл)", "2024", "Жұмыссыздық деңгейі"),
        ("2024 жылғы I тоқсан: жұмыссыздық деңгейі", "2024-Q1", "жұмыссыздық деңгейі"),
        ("Безработица за 2023-2024 годы", None, "Безработица"),
        ("Безработица, 2020–2024 гг.", None, "Безработица"),
        ("Безработица 2024 года к 2023 году", None, "Безработица 2024 года к"),
        ("Безработица", None, "Безработица"),
    ],
)
def test_a_title_names_its_period_at_either_end(title: str, period: str | None, rest: str) -> None:
    found = title_period(title)
    assert (found and str(found.period())) == period
    assert without_period(title) == rest
