"""What is measured, in which units, broken down how, and who says so."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cities.models import slug
from common.names import NAMES, Named, localised, sort_key_of
from indicators.fields import FREQUENCIES, FigureField
from indicators.periods import Frequency


class Unit(Named):
    """A unit of measure, by its SDMX code where one exists."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    symbol_kk = models.CharField(_("symbol in Kazakh"), max_length=32, blank=True)
    symbol_ru = models.CharField(_("symbol in Russian"), max_length=32, blank=True)
    symbol_en = models.CharField(_("symbol in English"), max_length=32, blank=True)
    aliases = models.JSONField(_("other ways of writing it"), default=list, blank=True)
    multiple_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("multiple of")
    )
    factor = FigureField(_("how many of that unit"), null=True, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                name="unit_multiple_has_a_factor",
                condition=Q(multiple_of=None, factor=None) | Q(multiple_of__isnull=False, factor__gt=0),
            )
        ]

    @property
    def symbol(self) -> str:
        """What stands behind the number: "%", "жыл"; the name where there is no symbol."""
        return localised(self, "symbol") or self.name


class Indicator(Named):
    """A quantity that somebody measures regularly, with what a reader must know to understand it."""

    class Aggregation(models.TextChoices):
        SUM = "sum", _("sum")
        MEAN = "mean", _("mean")
        LAST = "last", _("last value")
        RATIO = "ratio", _("ratio of sums")
        NONE = "none", _("not additive")

    class OverTime(models.TextChoices):
        SUM = "sum", _("sum")
        MEAN = "mean", _("mean")
        LAST = "last", _("last value")
        NONE = "none", _("not at all")

    class Polarity(models.TextChoices):
        UP = "up", _("a rise is good")
        DOWN = "down", _("a fall is good")
        NONE = "none", _("neither")

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[slug])
    bureau_key = models.CharField(_("key of the Bureau"), max_length=32, null=True, blank=True, unique=True)
    sdg = models.CharField(_("SDG indicator"), max_length=32, blank=True)
    # Some tables of the Bureau hold several indicators: {"UNIT_MEASURE": ["M_T"]} says which rows are its.
    bureau_where = models.JSONField(_("rows of the Bureau's table"), default=dict, blank=True)
    aliases = models.JSONField(_("titles of its tables"), default=list, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="indicators", verbose_name=_("unit"))
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=1)
    frequency = models.CharField(
        _("frequency"), max_length=1, choices=FREQUENCIES, default=Frequency.ANNUAL.value
    )
    aggregation = models.CharField(
        _("adds up over territories as"), max_length=8, choices=Aggregation, default=Aggregation.NONE
    )
    over_time = models.CharField(
        _("figures within a year make the year's as"), max_length=8, choices=OverTime, default=OverTime.NONE
    )
    numerator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("numerator")
    )
    denominator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("denominator")
    )
    polarity = models.CharField(_("direction"), max_length=8, choices=Polarity, default=Polarity.NONE)
    minimum = FigureField(_("lowest possible value"), null=True, blank=True)
    maximum = FigureField(_("highest possible value"), null=True, blank=True)
    dimensions: "models.ManyToManyField[Dimension, Any]" = models.ManyToManyField(
        "Dimension", related_name="indicators", blank=True, verbose_name=_("broken down by")
    )
    definition_kk = models.TextField(_("definition in Kazakh"), blank=True)
    definition_ru = models.TextField(_("definition in Russian"), blank=True)
    definition_en = models.TextField(_("definition in English"), blank=True)
    instrument = models.CharField(_("collection instrument"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="indicators",
        verbose_name=_("source organisation"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.CheckConstraint(
                name="indicator_range_is_ordered",
                condition=Q(minimum=None) | Q(maximum=None) | Q(minimum__lt=F("maximum")),
            ),
            models.CheckConstraint(
                name="indicator_ratio_has_both_parts",
                condition=Q(numerator=None, denominator=None)
                | Q(numerator__isnull=False, denominator__isnull=False),
            ),
        ]
        # The catalogue by name, in each language (common/collation.py).
        indexes = [models.Index(sort_key_of(name), "code", name=f"indicator_by_{name}") for name in NAMES]

    def allows(self, value: Decimal) -> bool:
        """Whether the value lies within the range that is possible at all."""
        too_low = self.minimum is not None and value < self.minimum
        return not too_low and (self.maximum is None or value <= self.maximum)

    @property
    def definition(self) -> str:
        """What is counted, in the reader's language."""
        return localised(self, "definition")


class Dimension(Named):
    """A way of breaking figures down: sex, age, urban and rural."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    total_aliases = models.JSONField(_("ways of writing its total"), default=list, blank=True)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")


class Category(Named):
    """One value of a dimension: women, 15–24 years, rural."""

    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="categories", verbose_name=_("dimension")
    )
    code = models.CharField(_("code"), max_length=64)
    aliases = models.JSONField(_("other ways of writing it"), default=list, blank=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="category_code_is_unique_in_dimension")
        ]


class Breakdown(models.Model):
    """A combination of categories, at most one of each dimension; the empty one is the total.

    `code` is canonical: `DIMENSION=CATEGORY`, sorted by dimension, joined with `&`; empty for the total.
    """

    code = models.CharField(_("code"), max_length=200, unique=True, blank=True)
    categories = models.ManyToManyField(Category, related_name="breakdowns", verbose_name=_("categories"))

    class Meta:
        verbose_name = _("breakdown")
        verbose_name_plural = _("breakdowns")

    def __str__(self) -> str:
        return self.code or "_T"

    @property
    def label(self) -> str:
        """The categories' names in the reader's language; "total" for the total."""
        names = [category.name for category in self.categories.all()]
        return ", ".join(names) if names else str(_("total"))


class Source(Named):
    """Who says so: the Bureau of National Statistics, an akimat, a programme document, a survey."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("statistics bureau")
        AKIMAT = "akimat", _("akimat")
        MINISTRY = "ministry", _("ministry")
        DOCUMENT = "document", _("programme document")
        SURVEY = "survey", _("survey")
        INTERNATIONAL = "international", _("international organisation")

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[slug])
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    url = models.URLField(_("address"), blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")


OFFICIAL_FIRST = (
    Source.Kind.BUREAU, Source.Kind.MINISTRY, Source.Kind.INTERNATIONAL, Source.Kind.AKIMAT,
    Source.Kind.SURVEY, Source.Kind.DOCUMENT,
)  # fmt: skip
"""Kinds of sources, the most official first."""


class SeriesBreak(models.Model):
    """From a day on, an indicator is measured so differently that it cannot be compared with before."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="breaks", verbose_name=_("indicator")
    )
    source = models.ForeignKey(
        Source, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("only in figures of the source"),
    )  # fmt: skip
    first_day = models.DateField(_("first day of the new series"))
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("break in a series")
        verbose_name_plural = _("breaks in series")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "source", "first_day"], name="break_is_declared_once",
                nulls_distinct=False,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.first_day}"

    @property
    def note(self) -> str:
        """What changed, in the reader's language."""
        return localised(self, "note")
