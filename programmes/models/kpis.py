"""The measurable promises: KPIs and their targets."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.models import Territory, TerritoryGroup, never_twice_at_once, validity_is_ordered
from common.names import Named, localised
from indicators.fields import FREQUENCIES, FigureField, is_finite
from indicators.models import Breakdown, Indicator, Source
from indicators.periods import Frequency, Period
from programmes.models.documents import Goal, LegalAct, Programme, Qualifier


class Kpi(Named):
    """A programme's use of an indicator: for one territory, or for each member of a group."""

    class Comparator(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")
        WITHIN = "within", _("within a corridor")
        REACH = "reach", _("reach")

    class Form(models.TextChoices):
        LEVEL = "level", _("level")
        MULTIPLE = "multiple", _("multiple of the baseline")
        CHANGE_PCT = "change_pct", _("percentage change from the baseline")
        CHANGE_ABS = "change_abs", _("change from the baseline")
        CHANGE_PER_YEAR = "change_per_year", _("change per year")
        GROWTH_PCT = "growth_pct", _("growth per year")
        RANK = "rank", _("rank")
        RANGE = "range", _("range")
        YES_NO = "yes_no", _("yes or no")

    class Accumulation(models.TextChoices):
        LEVEL = "level", _("the level of the period")
        CUMULATIVE = "cumulative", _("the total since the programme began")

    class Path(models.TextChoices):
        LINEAR = "linear", _("linear")
        STEP = "step", _("step")
        GEOMETRIC = "geometric", _("geometric")

    class Basis(models.TextChoices):
        PRINTED = "printed", _("printed")
        IMPLIED = "implied", _("implied")
        NATIONAL = "national", _("national figure")
        MISSING = "missing", _("not stated")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="kpis", verbose_name=_("programme"))
    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="kpis", verbose_name=_("goal")
    )
    code = models.CharField(_("code"), max_length=64)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="kpis", verbose_name=_("indicator"))
    breakdown = models.ForeignKey(Breakdown, models.PROTECT, related_name="kpis", verbose_name=_("breakdown"))
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="kpis", verbose_name=_("territory")
    )
    group = models.ForeignKey(
        TerritoryGroup, models.PROTECT, null=True, blank=True, related_name="kpis",
        verbose_name=_("for each territory of"),
    )  # fmt: skip
    comparator = models.CharField(_("must be"), max_length=16, choices=Comparator)
    form = models.CharField(_("targets are expressed as"), max_length=16, choices=Form)
    accumulation = models.CharField(
        _("its figures are"), max_length=16, choices=Accumulation, default=Accumulation.LEVEL
    )
    path = models.CharField(_("expected path"), max_length=16, choices=Path, default=Path.LINEAR)
    baseline_value = FigureField(_("baseline"), null=True, blank=True)
    baseline_frequency = models.CharField(
        max_length=1, choices=FREQUENCIES, default=Frequency.ANNUAL.value, verbose_name=_("frequency")
    )
    baseline_start = models.DateField(_("baseline period"), null=True, blank=True)
    baseline_basis = models.CharField(
        _("basis of the baseline"), max_length=16, choices=Basis, default=Basis.PRINTED
    )
    baseline_note_kk = models.TextField(_("note on the baseline in Kazakh"), blank=True)
    baseline_note_ru = models.TextField(_("note on the baseline in Russian"), blank=True)
    baseline_note_en = models.TextField(_("note on the baseline in English"), blank=True)
    together_with = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="companions",
        verbose_name=_("kept only together with"),
    )  # fmt: skip
    is_headline = models.BooleanField(_("among the programme's own target indicators"), default=False)
    weight = models.FloatField(_("weight"), default=1)
    preferred_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="kpis", verbose_name=_("preferred source")
    )
    tolerance_months = models.PositiveSmallIntegerField(_("figures are stale after months"), default=36)
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="kpi_code_is_unique_in_programme"),
            models.CheckConstraint(
                name="kpi_has_a_territory_or_a_group",
                condition=Q(territory__isnull=False, group=None) | Q(territory=None, group__isnull=False),
            ),
            models.CheckConstraint(
                name="kpi_baseline_is_whole_or_missing",
                condition=Q(baseline_basis="missing", baseline_value=None)
                | ~Q(baseline_basis="missing") & Q(baseline_value__isnull=False),
            ),
            models.CheckConstraint(
                name="kpi_is_not_its_own_companion",
                condition=Q(together_with=None) | ~Q(together_with=F("pk")),
            ),
            models.CheckConstraint(name="kpi_weight_is_not_negative", condition=Q(weight__gte=0)),
            is_finite("baseline_value", "kpi_baseline_is_finite"),
        ]

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")

    @property
    def baseline_note(self) -> str:
        """What a reader must know of the baseline, in the reader's language."""
        return localised(self, "baseline_note")

    @property
    def baseline_period(self) -> Period | None:
        """The period that the baseline was measured in."""
        if self.baseline_start is None:
            return None
        return Period(Frequency(self.baseline_frequency), self.baseline_start)


class Target(models.Model):
    """What a KPI must reach in a period, as an act set it. An amended target stays beside the original."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="targets", verbose_name=_("KPI"))
    frequency = models.CharField(
        _("frequency"), max_length=1, choices=FREQUENCIES, default=Frequency.ANNUAL.value
    )
    period_start = models.DateField(_("period"))
    value = FigureField(_("value"))
    value_max = FigureField(_("upper end of the range"), null=True, blank=True)
    qualifier = models.CharField(_("as stated"), max_length=16, choices=Qualifier, default=Qualifier.EXACT)
    is_additional = models.BooleanField(_("on top of the target before"), default=False)
    is_date_implied = models.BooleanField(_("date implied, not printed"), default=False)
    act = models.ForeignKey(
        LegalAct, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("set by")
    )
    valid_from = models.DateField(_("in force since"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["kpi_id", "period_start", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "frequency", "period_start", "act"],
                name="target_is_set_once_by_an_act", nulls_distinct=False,
            ),
            never_twice_at_once("target_in_force_is_one", "kpi", "frequency", "period_start"),
            models.CheckConstraint(
                name="target_range_is_ordered",
                condition=Q(value_max=None) | Q(value_max__gt=F("value")),
            ),
            validity_is_ordered("target_validity_is_ordered"),
            is_finite("value", "target_value_is_finite"),
            is_finite("value_max", "target_value_max_is_finite"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kpi.code} {self.period}: {self.value}"

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")

    @property
    def period(self) -> Period:
        """When the target is due: by the end of this period."""
        return Period(Frequency(self.frequency), self.period_start)

    def clean(self) -> None:
        """A target falls due within its programme."""
        if self.kpi_id is None or self.period_start is None:
            return  # the fields themselves say so
        programme = self.kpi.programme
        if not programme.starts_on <= self.period.end <= programme.ends_on:
            raise ValidationError(
                {
                    "period_start": _("%(period)s lies outside the programme (%(start)s – %(end)s).")
                    % {"period": self.period, "start": programme.starts_on, "end": programme.ends_on}
                }
            )
