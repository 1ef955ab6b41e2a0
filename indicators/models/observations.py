"""What was found: published figures, and the history of every change to them."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from indicators.fields import FREQUENCIES, MISSING_STATUSES, FigureField, Status, is_finite
from indicators.models.catalogue import Breakdown, Indicator, Source
from indicators.periods import Frequency, Period
from indicators.querysets import ObservationQuerySet, RevisionQuerySet


class Series(models.Model):
    """One line of figures: an indicator of a territory, broken down, from a source, at a frequency."""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="series", verbose_name=_("indicator")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="series", verbose_name=_("territory")
    )
    breakdown = models.ForeignKey(
        Breakdown, models.PROTECT, related_name="series", verbose_name=_("breakdown")
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="series", verbose_name=_("source"))
    frequency = models.CharField(_("frequency"), max_length=1, choices=FREQUENCIES)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "territory", "breakdown", "source", "frequency"],
                name="series_key_is_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} · {self.territory.code} · {self.breakdown} · {self.source.code}"


def value_or_reason(name: str) -> models.CheckConstraint:
    """A figure is a number, or it is missing with a status that says why."""
    return models.CheckConstraint(
        name=name,
        condition=Q(value__isnull=False) & ~Q(status__in=MISSING_STATUSES)
        | Q(value__isnull=True, status__in=MISSING_STATUSES),
    )


class Observation(models.Model):
    """The published figure of a series in a period, as it stands today.

    Its key is (series, period): figures are read by series and written by the million, and a surrogate
    key with its index would cost more than it gives (docs/decisions/0003-observations.md).
    """

    pk = models.CompositePrimaryKey("series_id", "period_start")
    series = models.ForeignKey(
        Series, models.PROTECT, related_name="observations", db_index=False, verbose_name=_("series")
    )
    period_start = models.DateField(_("period"))
    value = FigureField(_("value"), null=True)
    status = models.CharField(_("status"), max_length=1, choices=Status, default=Status.NORMAL)
    published_at = models.DateTimeField(_("published at"))

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            value_or_reason("observation_has_value_or_reason"),
            is_finite("value", "observation_value_is_finite"),
        ]
        # The orders that the API offers, and what is rarely asked for among very many.
        indexes = [
            models.Index(fields=["published_at", "series", "period_start"], name="observation_by_moment"),
            models.Index(fields=["period_start", "series"], name="observation_by_period"),
            models.Index(
                fields=["status", "series", "period_start"],
                name="observation_unusual",
                condition=~Q(status=Status.NORMAL),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} · {self.period}"

    @property
    def period(self) -> Period:
        """The reporting period, from the series' frequency."""
        return Period(Frequency(self.series.frequency), self.period_start)


class ObservationRevision(models.Model):
    """One published change of a figure: append-only, so that the portal of any past day can be shown.

    The origin is an upload's cell, a report's entry or a document's lines: `origin` says where exactly.
    """

    id = models.BigAutoField(primary_key=True)
    series = models.ForeignKey(
        Series, models.PROTECT, related_name="revisions", db_index=False, verbose_name=_("series")
    )
    period_start = models.DateField(_("period"))
    value = FigureField(_("value"), null=True)
    status = models.CharField(_("status"), max_length=1, choices=Status)
    recorded_at = models.DateTimeField(_("published at"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("user"),
    )
    upload = models.ForeignKey(
        "Upload", models.PROTECT, null=True, blank=True, related_name="revisions", verbose_name=_("upload")
    )
    entry = models.ForeignKey(
        "Entry", models.PROTECT, null=True, blank=True, related_name="revisions", db_index=False,
        verbose_name=_("entry"),
    )  # fmt: skip
    origin = models.CharField(_("where from"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    released_on = models.DateField(_("released by the source on"), null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            value_or_reason("revision_has_value_or_reason"),
            is_finite("value", "revision_value_is_finite"),
            models.CheckConstraint(name="revision_has_one_origin", condition=Q(upload=None) | Q(entry=None)),
        ]
        indexes = [
            models.Index(fields=["series", "period_start", "-id"], name="revision_by_figure"),
            models.Index(fields=["entry"], name="revision_by_entry", condition=Q(entry__isnull=False)),
            BrinIndex(fields=["recorded_at"], name="revision_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period_start} = {self.value}"


class UntoldFigures(models.Model):
    """The outbox of news: how many figures of an indicator one publication added or revised.

    Written in the transaction that publishes; rows are removed in the transaction that tells of them.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", verbose_name=_("indicator"))
    is_new = models.BooleanField(_("published for the first time"))
    figures = models.PositiveIntegerField(_("figures"))
    first_period = models.DateField(_("first period"))
    last_period = models.DateField(_("last period"))
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("untold figures")
        verbose_name_plural = _("untold figures")

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.figures}"


class TouchedSeries(models.Model):
    """The outbox: a series whose figures changed and whose KPIs have not been recomputed since.

    Written in the transaction that publishes; rows are removed in the transaction that recomputes.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="+", verbose_name=_("series"))
    touched_at = models.DateTimeField(auto_now_add=True, verbose_name=_("changed at"))

    class Meta:
        verbose_name = _("touched series")
        verbose_name_plural = _("touched series")

    def __str__(self) -> str:
        return str(self.series_id)
