"""The work of recomputing: what waits for it, and each recomputation of everything with its parts."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator
from programmes.models.kpis import Kpi


class TouchedKpi(models.Model):
    """The outbox: a KPI whose promise or figures changed and that has not been recomputed since.

    Rows are removed in the transaction that writes the results. One that fails again and again is left, with
    its error, for an administrator to see.
    """

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="+", verbose_name=_("KPI"))
    touched_at = models.DateTimeField(_("changed at"), auto_now_add=True)
    not_before = models.DateTimeField(_("not tried before"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("touched KPI")
        verbose_name_plural = _("touched KPIs")

    def __str__(self) -> str:
        return str(self.kpi_id)


class TouchedIndicator(models.Model):
    """The outbox of the quality check: an indicator of which figures or promises changed since it was last
    checked. Rows are removed in the transaction that writes the findings."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", verbose_name=_("indicator"))
    touched_at = models.DateTimeField(_("changed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("touched indicator")
        verbose_name_plural = _("touched indicators")

    def __str__(self) -> str:
        return str(self.indicator_id)


class ProgressRun(models.Model):
    """A recomputation of everything: its parts are worked on by any number of workers, its results are
    swapped in at once when all are done."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    today = models.DateField(_("as of"))
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    moved_at = models.DateTimeField(_("last step at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("started by"),
    )  # fmt: skip
    kpis = models.PositiveIntegerField(_("KPIs"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("recomputation")
        verbose_name_plural = _("recomputations")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="one_recomputation_at_a_time"
            ),
            models.CheckConstraint(
                name="recomputation_ends_when_it_stops_running",
                condition=Q(state="running", finished_at=None)
                | ~Q(state="running") & Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.state}"


class ProgressChunk(models.Model):
    """A part of a recomputation: some KPIs, done in one transaction."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    run = models.ForeignKey(
        ProgressRun, models.CASCADE, related_name="chunks", verbose_name=_("recomputation")
    )
    kpis = ArrayField(models.BigIntegerField(), verbose_name=_("KPIs"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("part of a recomputation")
        verbose_name_plural = _("parts of a recomputation")
        ordering = ["pk"]
        indexes = [models.Index(fields=["run"], condition=Q(state="waiting"), name="chunk_waiting_by_run")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.state}"
