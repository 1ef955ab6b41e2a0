"""How far promises are kept: computed rows, rebuilt from figures and targets, never edited.

A full recomputation writes them anew into other tables and swaps those in. They therefore have natural keys
and no foreign keys in the database (docs/decisions/0008-results.md).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from indicators.models import Series
from programmes.fields import WordField
from programmes.labels import COURSES, OUTLOOKS, REASONS, STANDINGS, VERDICTS
from programmes.models.kpis import Kpi


def reason() -> WordField:
    """Why a fact could not be computed."""
    return WordField(_("reason"), choices=REASONS)


def of_kpi(related_name: str) -> "models.ForeignKey[Kpi, Kpi]":
    """The KPI, without a key in the database."""
    return models.ForeignKey(
        Kpi, models.CASCADE, related_name=related_name, db_index=False, db_constraint=False,
        verbose_name=_("KPI"),
    )  # fmt: skip


def in_territory(related_name: str) -> "models.ForeignKey[Territory, Territory]":
    """The territory, without a key in the database."""
    return models.ForeignKey(
        Territory, models.CASCADE, related_name=related_name, db_index=False, db_constraint=False,
        verbose_name=_("territory"),
    )  # fmt: skip


class Facts(models.Model):
    """The four facts of a KPI in a year, with the figures that they were computed from.

    Ratios are shares (0.95 is 95 %). A fact that cannot be computed is empty and its reason is not.
    """

    year = models.SmallIntegerField(_("year"))
    actual = models.FloatField(_("actual"), null=True)
    months = models.SmallIntegerField(_("months of the year that the actual covers"), null=True)
    baseline = models.FloatField(_("baseline"), null=True)
    baseline_year = models.SmallIntegerField(_("baseline year"), null=True)
    target = models.FloatField(_("target"), null=True)
    next_target = models.FloatField(_("next target"), null=True)
    next_target_year = models.SmallIntegerField(_("year of the next target"), null=True)
    last_target = models.FloatField(_("last target"), null=True)
    expected = models.FloatField(_("expected"), null=True)
    verdict = WordField(_("verdict"), choices=VERDICTS)
    verdict_reason = reason()
    attainment = models.FloatField(_("attainment"), null=True)
    attainment_reason = reason()
    distance = models.FloatField(_("distance covered"), null=True)
    distance_reason = reason()
    pace = models.FloatField(_("pace"), null=True)
    pace_reason = reason()
    course = WordField(_("course"), choices=COURSES)
    course_reason = reason()

    class Meta:
        abstract = True


class Progress(Facts):
    """The facts of a KPI in a territory."""

    pk = models.CompositePrimaryKey("kpi_id", "territory_id", "year")
    kpi = of_kpi("progress")
    territory = in_territory("progress")

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.territory_id} {self.year}"


class GroupProgress(Facts):
    """The facts of a KPI for its group as a whole, and how many members the actual is made of."""

    pk = models.CompositePrimaryKey("kpi_id", "year")
    kpi = of_kpi("group_progress")
    members = models.SmallIntegerField(_("members with figures"), null=True)
    members_total = models.SmallIntegerField(_("members"), null=True)

    class Meta:
        verbose_name = _("progress of a group")
        verbose_name_plural = _("progress of groups")

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.year}"


class Judgement(models.Model):
    """How a KPI stands today, and the figure on which that rests."""

    standing = WordField(_("standing"), choices=STANDINGS)
    reason = reason()
    year = models.SmallIntegerField(_("year of the figure"), null=True)
    actual = models.FloatField(_("figure"), null=True)
    distance = models.FloatField(_("distance covered"), null=True)
    next_target_year = models.SmallIntegerField(_("year of the next target"), null=True)
    method = models.CharField(_("version of the method"), max_length=16)
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        abstract = True


class Standing(Judgement):
    """How a KPI stands in a territory."""

    pk = models.CompositePrimaryKey("kpi_id", "territory_id")
    kpi = of_kpi("standings")
    territory = in_territory("standings")
    series = models.ForeignKey(
        Series, models.CASCADE, related_name="+", null=True, db_index=False, db_constraint=False,
        verbose_name=_("series"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = [models.Index(fields=["territory"], name="standing_by_territory")]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.territory_id}: {self.standing}"


class GroupStanding(Judgement):
    """How a KPI stands for its group as a whole."""

    kpi = models.OneToOneField(
        Kpi, models.CASCADE, primary_key=True, related_name="group_standing", db_constraint=False,
        verbose_name=_("KPI"),
    )  # fmt: skip
    members = models.SmallIntegerField(_("members with figures"), null=True)
    members_total = models.SmallIntegerField(_("members"), null=True)

    class Meta:
        verbose_name = _("standing of a group")
        verbose_name_plural = _("standings of groups")

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.standing}"


def count_of(word: str) -> "models.SmallIntegerField[int, int]":
    """How many stand so."""
    return models.SmallIntegerField(dict(STANDINGS)[word])  # type: ignore[arg-type]  # a lazy text


class KpiRollup(models.Model):
    """How many of a KPI's standings are which, and the mean of the ways covered: lists add these up."""

    kpi = models.OneToOneField(
        Kpi, models.CASCADE, primary_key=True, related_name="rollup", db_constraint=False,
        verbose_name=_("KPI"),
    )  # fmt: skip
    on_track = count_of("on_track")
    at_risk = count_of("at_risk")
    off_track = count_of("off_track")
    reversed = count_of("reversed")
    not_computable = count_of("not_computable")
    met = count_of("met")
    missed = count_of("missed")
    stale = count_of("stale")
    no_data = count_of("no_data")
    way = models.FloatField(_("distance covered"), null=True)

    class Meta:
        verbose_name = _("roll-up of a KPI")
        verbose_name_plural = _("roll-ups of KPIs")

    def __str__(self) -> str:
        return f"{self.kpi_id}"


class Forecast(models.Model):
    """Where the trend leads by the year of a coming target: the likeliest value, and between which ends."""

    pk = models.CompositePrimaryKey("kpi_id", "territory_id", "year")
    kpi = of_kpi("forecasts")
    territory = in_territory("forecasts")
    year = models.SmallIntegerField(_("year of the target"))
    value = models.FloatField(_("trend"), null=True)
    low = models.FloatField(_("lower end"), null=True)
    high = models.FloatField(_("upper end"), null=True)
    points = models.SmallIntegerField(_("figures that it rests on"))
    outlook = WordField(_("outlook"), choices=OUTLOOKS)
    reason = reason()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.territory_id} {self.year}: {self.outlook}"


class ProgressDigest(models.Model):
    """A mark of all rows of progress of a KPI: as long as they are the same, it is."""

    kpi = models.OneToOneField(
        Kpi, models.CASCADE, primary_key=True, related_name="+", db_constraint=False, verbose_name=_("KPI")
    )
    digest = models.BigIntegerField(_("mark"))

    class Meta:
        verbose_name = _("mark of progress")
        verbose_name_plural = _("marks of progress")

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.digest:x}"


RESULTS = (Progress, Standing, Forecast, KpiRollup, GroupProgress, GroupStanding, ProgressDigest)
"""Everything that a recomputation writes."""
