"""What is to be done and paid for it: measures, funding, and other cities' figures to compare with."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.names import Named, localised
from indicators.fields import FREQUENCIES, FigureField, is_finite
from indicators.models import Unit
from indicators.periods import Frequency, Period
from programmes.models.documents import Goal, LegalAct, Programme, Qualifier
from programmes.models.kpis import Kpi


class Measure(Named):
    """An item of a programme's action plan. `deadline` is a rule: {"type": "one_off" | "yearly" | …, …}.

    `due_on`, the last day on which it is due while its programme lasts, is kept by the database.
    """

    class Cost(models.TextChoices):
        AMOUNT = "amount", _("amounts by year")
        NOT_REQUIRED = "not_required", _("no money needed")
        WITHIN_PROGRAMMES = "within_programmes", _("within other programmes")
        WITHIN_PROGRAMMES_AND_ENTERPRISES = (
            "within_programmes_and_enterprises",
            _("within other programmes and by enterprises"),
        )
        BY_REQUEST = "by_request", _("by budget request")
        IN_PARENT = "in_parent", _("within the measure above")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ONGOING = "ongoing", _("under way")
        DONE = "done", _("done")
        EXCLUDED = "excluded", _("excluded")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="measures", verbose_name=_("programme")
    )
    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="measures", verbose_name=_("goal")
    )
    code = models.CharField(_("code"), max_length=64)
    number = models.CharField(_("number as printed"), max_length=16, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    cost = models.CharField(_("cost as stated"), max_length=40, choices=Cost, blank=True)
    sources = ArrayField(
        models.CharField(max_length=16), verbose_name=_("sources of money"), default=list, blank=True
    )
    territories: "models.ManyToManyField[Territory, Any]" = models.ManyToManyField(
        Territory, related_name="measures", blank=True, verbose_name=_("territories")
    )
    completion_kk = models.CharField(_("completion form in Kazakh"), max_length=500, blank=True)
    completion_ru = models.CharField(_("completion form in Russian"), max_length=500, blank=True)
    completion_en = models.CharField(_("completion form in English"), max_length=500, blank=True)
    responsible = models.JSONField(_("responsible bodies"), default=list, blank=True)
    deadline = models.JSONField(_("deadline"), null=True, blank=True)
    due_on = models.DateField(_("last day due"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    excluded_by = models.ForeignKey(
        LegalAct, models.PROTECT, null=True, blank=True, related_name="excluded_measures",
        verbose_name=_("excluded by"),
    )  # fmt: skip
    deliverable_value = FigureField(_("quantity promised"), null=True, blank=True)
    deliverable_max = FigureField(_("upper end of the quantity"), null=True, blank=True)
    qualifier = models.CharField(_("as stated"), max_length=16, choices=Qualifier, default=Qualifier.EXACT)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="measure_code_is_unique_in_programme"),
            models.CheckConstraint(
                name="measure_excluded_by_an_act", condition=Q(state="excluded") | Q(excluded_by=None)
            ),
            is_finite("deliverable_value", "measure_quantity_is_finite"),
            is_finite("deliverable_max", "measure_quantity_max_is_finite"),
        ]

    @property
    def completion(self) -> str:
        """What proves that it is done, in the reader's language."""
        return localised(self, "completion")

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")


ALONE = Q(measure__isnull=False, parent=None, is_yearly=False, planned__isnull=False)
"""Lines that each say what a measure costs: nearly all. `APART` are the others."""
APART = Q(measure=None) | Q(parent__isnull=False) | Q(is_yearly=True) | Q(planned=None)


class Funding(Named):
    """Money for a programme, a goal or a measure: a line of a tree (total, part, sub-part)."""

    class Level(models.TextChoices):
        TOTAL = "total", _("all sources")
        REPUBLICAN = "republican", _("republican budget")
        LOCAL = "local", _("local budget")
        PRIVATE = "private", _("private investment")
        OTHER = "other", _("other sources")
        BUDGET = "budget", _("budgets of all levels")
        MIXED = "mixed", _("budget and private money")
        UNSPECIFIED = "unspecified", _("source not stated")

    class Relation(models.TextChoices):
        PART = "part", _("part of the sum")
        SOURCE = "source", _("share of a source of money")
        PERIOD = "period", _("share of a period")
        ADDITIONAL = "additional", _("on top of the sum")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="funding", verbose_name=_("programme")
    )
    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="funding", verbose_name=_("goal")
    )
    measure = models.ForeignKey(
        Measure, models.CASCADE, null=True, blank=True, related_name="funding", verbose_name=_("measure")
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    relation = models.CharField(
        _("relation to the line above"), max_length=10, choices=Relation, default=Relation.PART
    )
    code = models.CharField(_("code"), max_length=64)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    level = models.CharField(_("source of money"), max_length=16, choices=Level)
    is_yearly = models.BooleanField(_("this much every year"), default=False)
    qualifier = models.CharField(_("as stated"), max_length=16, choices=Qualifier, default=Qualifier.EXACT)
    year_from = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True)
    planned = FigureField(_("planned, million tenge"), null=True, blank=True)
    planned_max = FigureField(_("planned at most, million tenge"), null=True, blank=True)
    paid = FigureField(_("paid, million tenge"), null=True, blank=True)
    is_indicative = models.BooleanField(_("provisional amount"), default=False)
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("funding")
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="funding_code_is_unique_in_programme"),
            models.CheckConstraint(
                name="funding_years_are_ordered",
                condition=Q(year_from=None) | Q(year_to=None) | Q(year_from__lte=F("year_to")),
            ),
            is_finite("planned", "funding_planned_is_finite"),
            is_finite("planned_max", "funding_planned_max_is_finite"),
            is_finite("paid", "funding_paid_is_finite"),
        ]
        indexes = [
            models.Index(
                fields=["programme", "year_from", "year_to"],
                include=["id", "planned", "planned_max", "paid"],
                condition=ALONE,
                name="funding_alone",
            ),
            models.Index(fields=["order"], condition=APART, name="funding_apart"),
        ]

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")


class Benchmark(Named):
    """Another place's figure that a document compares with."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="benchmarks", verbose_name=_("programme")
    )
    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="benchmarks", verbose_name=_("goal")
    )
    kpi = models.ForeignKey(
        Kpi, models.SET_NULL, null=True, blank=True, related_name="benchmarks", verbose_name=_("KPI")
    )
    code = models.CharField(_("code"), max_length=64)
    place_kk = models.CharField(_("place in Kazakh"), max_length=200)
    place_ru = models.CharField(_("place in Russian"), max_length=200)
    place_en = models.CharField(_("place in English"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    frequency = models.CharField(
        _("frequency"), max_length=1, choices=FREQUENCIES, default=Frequency.ANNUAL.value
    )
    period_start = models.DateField(_("period"), null=True, blank=True)
    value = FigureField(_("value"))
    value_max = FigureField(_("upper end of the range"), null=True, blank=True)
    qualifier = models.CharField(_("as stated"), max_length=16, choices=Qualifier, default=Qualifier.EXACT)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"], name="benchmark_code_is_unique_in_programme"
            ),
            is_finite("value", "benchmark_value_is_finite"),
        ]

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")

    @property
    def period(self) -> Period | None:
        """When it was measured, where the document says."""
        return Period(Frequency(self.frequency), self.period_start) if self.period_start else None

    @property
    def place(self) -> str:
        """Where it was measured, in the reader's language."""
        return localised(self, "place")
