"""What is doubtful in published figures and in the definitions of KPIs, and who knows why it is right."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from indicators.fields import FREQUENCIES
from indicators.models import Series
from indicators.periods import Frequency, Period
from programmes.labels_quality import CHECKS
from programmes.models.kpis import Kpi

IS_ACKNOWLEDGED = Q(acknowledged_signature=F("signature"))
"""Somebody acknowledged the figures as they are now. What a finding is about is never empty."""


class QualityFindingQuerySet(models.QuerySet["QualityFinding"]):
    """Findings by state."""

    def current(self) -> QualityFindingQuerySet:
        """Those that the last check found."""
        return self.filter(gone_at=None)

    def acknowledged(self) -> QualityFindingQuerySet:
        """Those found whose figures are still those that somebody acknowledged."""
        return self.current().filter(IS_ACKNOWLEDGED)

    def open(self) -> QualityFindingQuerySet:
        """Those found that wait for somebody."""
        return self.current().exclude(IS_ACKNOWLEDGED)

    def in_words(self) -> QualityFindingQuerySet:
        """With everything that their sentences name; apart, since a join of thirteen tables takes 20 ms to
        plan."""
        series = Series.objects.select_related("indicator__unit", "breakdown", "source")
        return self.select_related("territory", "acknowledged_by").prefetch_related(
            models.Prefetch("series", series.prefetch_related("breakdown__categories")),
            models.Prefetch("other", Series.objects.select_related("source")),
            models.Prefetch("kpi", Kpi.objects.select_related("programme", "indicator__unit")),
            models.Prefetch("kpis", Kpi.objects.select_related("programme")),
        )

    def gone(self) -> QualityFindingQuerySet:
        """Those acknowledged and no longer found."""
        return self.filter(gone_at__isnull=False)


class QualityFinding(models.Model):
    """A doubt about a published figure or a KPI's definition, found by rule (docs/data-quality.md).

    `key` gives the same finding again after the next check, `signature` says which figures it is about: an
    acknowledgement of other figures is kept, and no longer holds.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        GONE = "gone", _("no longer found")

    key = models.CharField(_("key"), max_length=700, unique=True)
    rule = models.CharField(_("check"), max_length=32, choices=CHECKS)
    series = models.ForeignKey(
        Series, models.CASCADE, null=True, related_name="quality_findings", verbose_name=_("series")
    )
    other = models.ForeignKey(
        Series, models.CASCADE, null=True, related_name="+", verbose_name=_("compared with the series")
    )
    kpi = models.ForeignKey(
        Kpi, models.CASCADE, null=True, related_name="definition_findings", verbose_name=_("KPI")
    )
    kpis = models.ManyToManyField(Kpi, related_name="quality_findings", verbose_name=_("concerns the KPIs"))
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="quality_findings", verbose_name=_("territory")
    )
    frequency = models.CharField(_("frequency"), max_length=1, choices=FREQUENCIES, blank=True)
    period_start = models.DateField(_("period"), null=True)
    value = models.FloatField(_("figure"), null=True)
    compared = models.FloatField(_("compared with"), null=True)
    low = models.FloatField(_("lower end"), null=True)
    high = models.FloatField(_("upper end"), null=True)
    number = models.FloatField(_("number"), null=True)
    subject = models.CharField(_("subject"), max_length=32, blank=True)
    signature = models.CharField(_("figures"), max_length=100)
    found_at = models.DateTimeField(_("found at"))
    gone_at = models.DateTimeField(_("no longer found since"), null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("acknowledged by"),
    )  # fmt: skip
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    acknowledged_reason = models.CharField(_("reason"), max_length=1000, blank=True)
    acknowledged_signature = models.CharField(_("figures acknowledged"), max_length=100, blank=True)

    objects = QualityFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of data quality")
        verbose_name_plural = _("findings of data quality")
        constraints = [
            models.CheckConstraint(
                name="finding_is_of_a_series_or_a_kpi",
                condition=Q(series__isnull=False, kpi=None) | Q(series=None, kpi__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_acknowledged_by_somebody_with_a_reason",
                condition=Q(
                    acknowledged_by=None, acknowledged_at=None, acknowledged_reason="",
                    acknowledged_signature="",
                )
                | Q(
                    acknowledged_by__isnull=False, acknowledged_at__isnull=False,
                    acknowledged_reason__regex=r"\S",
                )
                & ~Q(acknowledged_signature=""),
            ),
            models.CheckConstraint(
                name="finding_gone_was_acknowledged",
                condition=Q(gone_at=None) | ~Q(acknowledged_signature=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["territory"], condition=Q(gone_at=None), name="finding_by_territory"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def state(self) -> State:
        """Whether it waits for somebody."""
        if self.gone_at is not None:
            return self.State.GONE
        holds = self.acknowledged_signature == self.signature
        return self.State.ACKNOWLEDGED if holds else self.State.OPEN

    @property
    def has_changed(self) -> bool:
        """Whether it was acknowledged for other figures than those of today."""
        return self.state == self.State.OPEN and bool(self.acknowledged_signature)

    @property
    def period(self) -> Period | None:
        """The period of the figure."""
        if self.period_start is None:
            return None
        return Period(Frequency(self.frequency), self.period_start)
