"""The benchmark of progress runs, and leaves nothing behind."""

import pytest

from benchmarks import progress
from cities.models import Territory
from programmes.models import Kpi


def test_the_arithmetic_is_measured() -> None:
    assert progress.arithmetic(2_000) > 0


@pytest.mark.django_db
def test_a_recomputation_is_measured_beside_the_statement_and_rolled_back() -> None:
    before = Kpi.objects.count(), Territory.objects.count()
    took, statement, written = progress.recomputation(2_000)
    assert took > 0
    assert statement > 0
    assert written == 2 * progress.PLACES * (progress.YEARS + 1)  # and a target in a year without a figure
    assert (Kpi.objects.count(), Territory.objects.count()) == before
