"""Exact figures and reporting periods as model fields."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from indicators.periods import Frequency

FREQUENCIES = [
    (Frequency.ANNUAL.value, _("year")),
    (Frequency.HALF_YEAR.value, _("half-year")),
    (Frequency.QUARTER.value, _("quarter")),
    (Frequency.MONTH.value, _("month")),
]


class Status(models.TextChoices):
    """What a figure is, or why there is none: codes of the SDMX list CL_OBS_STATUS."""

    NORMAL = "A", _("normal value")
    PROVISIONAL = "P", _("provisional value")
    ESTIMATED = "E", _("estimated value")
    MISSING = "O", _("missing value")
    NOT_EXISTING = "M", _("missing value: data cannot exist")
    NOT_COLLECTED = "L", _("missing value: data exist but were not collected")
    SUPPRESSED = "Q", _("missing value: suppressed")

    @property
    def is_missing(self) -> bool:
        """Whether it says why there is no figure."""
        return self in MISSING_STATUSES


MISSING_STATUSES = ("O", "M", "L", "Q")


class FigureField(models.DecimalField):  # type: ignore[type-arg] # no parameters at run time
    """A measured number, stored as PostgreSQL `numeric` without limits: nothing is rounded on storing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "max_digits": None, "decimal_places": None})

    def deconstruct(self) -> Any:
        """Without the limits that this field does not have."""
        name, path, args, kwargs = super().deconstruct()
        for limit in ("max_digits", "decimal_places"):
            kwargs.pop(limit, None)
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> Any:
        """Only what concerns every field: limits are not wanted here."""
        return models.Field.check(self, **kwargs)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """`numeric`, whatever the number of digits."""
        return "numeric"


def _numeric(text: str) -> Cast:
    return Cast(Value(text), FigureField())


def is_finite(field: str, name: str) -> models.CheckConstraint:
    """A figure is a number: PostgreSQL's NaN and infinities are refused (NaN sorts above Infinity)."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{field: None})
        | Q(**{f"{field}__gt": _numeric("-Infinity"), f"{field}__lt": _numeric("Infinity")}),
    )
