"""Breakdowns are made when they are first met."""

from collections.abc import Sequence

from django.db import transaction

from indicators.models import Breakdown, Category


def breakdown_code(categories: Sequence[tuple[str, str]]) -> str:
    """The canonical code of (dimension, category) pairs: `AGE=Y15T24&SEX=F`, empty for the total."""
    return "&".join(f"{dimension}={category}" for dimension, category in sorted(categories))


def breakdown_id(categories: Sequence[tuple[str, str]]) -> int:
    """The id of the combination's breakdown, made if need be; `Category.DoesNotExist` if one is unknown."""
    code = breakdown_code(categories)
    with transaction.atomic():
        breakdown, is_new = Breakdown.objects.get_or_create(code=code)
        if is_new:
            breakdown.categories.set(
                Category.objects.get(dimension__code=dimension, code=category)
                for dimension, category in categories
            )
    return breakdown.pk
