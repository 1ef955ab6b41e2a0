"""Units are converted exactly, and only where the catalogue says how."""

from decimal import Decimal

import pytest

from indicators.models import Unit
from indicators.units import converted, ratio

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("TH_PEOPLE", "PERSONS", "1000"),
        ("PERSONS", "TH_PEOPLE", "0.001"),
        ("MN_PEOPLE", "TH_PEOPLE", "1000"),
        ("KZT", "KZT_MN", "0.000001"),
        ("PERSONS", "PERSONS", None),
        ("PERSONS", "KZT", None),
        ("PT", "PP", None),
    ],
)
def test_how_many_of_a_unit_another_is(given: str, wanted: str, expected: str | None) -> None:
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[given, wanted])}
    found = ratio(units[given], units[wanted])
    assert found == (None if expected is None else Decimal(expected))


def test_a_ratio_that_no_decimal_number_says_is_none() -> None:
    base = Unit.objects.get(code="PERSONS")
    trio = Unit.objects.create(code="TRIO", multiple_of=base, factor=Decimal(3), name_kk="x")
    assert ratio(base, trio) is None
    assert ratio(trio, base) == 3


@pytest.mark.parametrize(
    ("value", "factor", "text"),
    [("2228.7", "1000", "2228700"), ("0.1", "0.000001", "0.0000001"), ("1" * 50, "1000", "1" * 50 + "000")],
)
def test_every_digit_is_kept(value: str, factor: str, text: str) -> None:
    assert f"{converted(Decimal(value), Decimal(factor)):f}" == text
