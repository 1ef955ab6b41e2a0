"""How far promises are kept: computed rows, rebuilt from figures and targets, never edited."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from programmes.labels import COURSES, REASONS, STANDINGS, VERDICTS
from programmes.models.kpis import Kpi


class Progress(models.Model):
    """The four facts of a KPI in a territory and a year, with the figures that they were computed from.

    Ratios are shares (0.95 is 95 %). A fact that cannot be computed is empty and its reason is not.
    """

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="progress", verbose_name=_("KPI"))
    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="progress", db_index=False, verbose_name=_("territory")
    )
    year = models.SmallIntegerField(_("year"))
    actual = models.FloatField(_("actual"), null=True)
    baseline = models.FloatField(_("baseline"), null=True)
    baseline_year = models.SmallIntegerField(_("baseline year"), null=True)
    target = models.FloatField(_("target"), null=True)
    next_target = models.FloatField(_("next target"), null=True)
    next_target_year = models.SmallIntegerField(_("year of the next target"), null=True)
    last_target = models.FloatField(_("last target"), null=True)
    expected = models.FloatField(_("expected"), null=True)
    verdict = models.CharField(_("verdict"), max_length=16, choices=VERDICTS, blank=True)
    verdict_reason = models.CharField(max_length=32, choices=REASONS, blank=True, verbose_name=_("reason"))
    attainment = models.FloatField(_("attainment"), null=True)
    attainment_reason = models.CharField(max_length=32, choices=REASONS, blank=True, verbose_name=_("reason"))
    distance = models.FloatField(_("distance covered"), null=True)
    distance_reason = models.CharField(max_length=32, choices=REASONS, blank=True, verbose_name=_("reason"))
    pace = models.FloatField(_("pace"), null=True)
    pace_reason = models.CharField(max_length=32, choices=REASONS, blank=True, verbose_name=_("reason"))
    course = models.CharField(_("course"), max_length=16, choices=COURSES, blank=True)
    course_reason = models.CharField(max_length=32, choices=REASONS, blank=True, verbose_name=_("reason"))

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        ordering = ["kpi", "territory", "year"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "territory", "year"], name="progress_is_unique_in_year")
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.territory_id} {self.year}"


class Standing(models.Model):
    """How a KPI stands in a territory today, and the year of the figure on which that rests."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="standings", verbose_name=_("KPI"))
    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="standings", verbose_name=_("territory")
    )
    standing = models.CharField(_("standing"), max_length=16, choices=STANDINGS)
    reason = models.CharField(_("reason"), max_length=32, choices=REASONS, blank=True)
    year = models.SmallIntegerField(_("year of the figure"), null=True)
    series = models.ForeignKey(
        "indicators.Series", models.SET_NULL, null=True, related_name="+", verbose_name=_("series")
    )
    next_target_year = models.SmallIntegerField(_("year of the next target"), null=True)
    method = models.CharField(_("version of the method"), max_length=16)
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [models.UniqueConstraint(fields=["kpi", "territory"], name="standing_is_unique")]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.territory_id}: {self.standing}"


class ProgressRun(models.Model):
    """One recomputation of everything: when it began, how far it got, what went wrong."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    kpis = models.PositiveIntegerField(_("KPIs"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("recomputation")
        verbose_name_plural = _("recomputations")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.state}"
