"""Figures typed in: the form, each organisation's report of a period, and its cells."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cities.models import Territory, slug
from common.names import Named, localised
from indicators.fields import FREQUENCIES, MISSING_STATUSES, FigureField, Status, is_finite
from indicators.models.catalogue import Breakdown, Indicator, Source
from indicators.periods import Frequency, Period
from indicators.working_days import working_day_from


class ReportingForm(Named):
    """What an organisation reports regularly: indicators, at a frequency, due some days after the period."""

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[slug])
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="forms", verbose_name=_("organisation")
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="forms", verbose_name=_("source"))
    frequency = models.CharField(_("frequency"), max_length=1, choices=FREQUENCIES)
    due_days = models.PositiveSmallIntegerField(_("due, days after the period"), default=15)
    first_day = models.DateField(_("first day covered"), null=True, blank=True)
    last_day = models.DateField(_("last day covered"), null=True, blank=True)
    basis_kk = models.TextField(_("where this is laid down, in Kazakh"), blank=True)
    basis_ru = models.TextField(_("where this is laid down, in Russian"), blank=True)
    basis_en = models.TextField(_("where this is laid down, in English"), blank=True)
    requires_evidence = models.BooleanField(_("changes need evidence"), default=False)
    territories = models.ManyToManyField(Territory, related_name="forms", verbose_name=_("territories"))
    indicators = models.ManyToManyField(
        Indicator, through="FormLine", related_name="forms", verbose_name=_("indicators")
    )

    class Meta:
        verbose_name = _("reporting form")
        verbose_name_plural = _("reporting forms")

    @property
    def basis(self) -> str:
        """Which document asks for the report and sets its day, in the reader's language."""
        return localised(self, "basis")

    def covers(self, period: Period) -> bool:
        """Whether the form asks for the period: of its frequency and within its days."""
        return (
            period.frequency == self.frequency
            and (self.first_day is None or self.first_day <= period.start)
            and (self.last_day is None or period.end <= self.last_day)
        )

    def due_on(self, period: Period) -> dt.date:
        """The last day on which a report is in time: a day off gives way to the next working day."""
        return working_day_from(period.end + dt.timedelta(days=self.due_days))


class FormLine(models.Model):
    """One line of a form: an indicator, broken down or not, at its place."""

    form = models.ForeignKey(
        ReportingForm, models.CASCADE, related_name="lines", verbose_name=_("reporting form")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="form_lines", verbose_name=_("indicator")
    )
    breakdown = models.ForeignKey(
        Breakdown, models.PROTECT, related_name="form_lines", verbose_name=_("breakdown")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("line of a form")
        verbose_name_plural = _("lines of a form")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "indicator", "breakdown"], name="form_line_is_listed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form.code}: {self.indicator.code}"

    @property
    def place(self) -> tuple[int, int]:
        """Where its entries stand in a report: ids of indicator and breakdown."""
        return self.indicator_id, self.breakdown_id


class Report(models.Model):
    """A form filled in for a territory and a period: the working copy, published only when approved."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")

    form = models.ForeignKey(
        ReportingForm, models.PROTECT, related_name="reports", verbose_name=_("reporting form")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="reports", verbose_name=_("territory")
    )
    period_start = models.DateField(_("period"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submitted_reports",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_reports",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    return_reason = models.CharField(_("reason for returning"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["form", "territory", "period_start"], name="report_is_unique_in_period"
            ),
            models.CheckConstraint(
                name="report_submitted_by_somebody",
                condition=Q(state="draft") | Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_returned_with_reason", condition=~Q(state="returned") | ~Q(return_reason="")
            ),
            models.CheckConstraint(
                name="report_not_approved_by_its_author",
                condition=~Q(state="approved") | ~Q(decided_by=F("submitted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form.code} · {self.territory.code} · {self.period}"

    @property
    def period(self) -> Period:
        """The period reported on."""
        return Period(Frequency(self.form.frequency), self.period_start)

    @property
    def is_open(self) -> bool:
        """Whether its entries can still be typed."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}

    @property
    def due_on(self) -> dt.date:
        """The last day on which it is in time."""
        return self.form.due_on(self.period)

    def is_late(self, today: dt.date) -> bool:
        """Whether it was, or still is, handed in after its day; a returned one counts from its first time."""
        handed_in = timezone.localdate(self.submitted_at) if self.submitted_at else today
        return handed_in > self.due_on


class Entry(models.Model):
    """One typed cell of a report. `version` counts its savings, so that two editors notice each other."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="entries", verbose_name=_("report"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="entries", verbose_name=_("indicator")
    )
    breakdown = models.ForeignKey(
        Breakdown, models.PROTECT, related_name="entries", verbose_name=_("breakdown")
    )
    value = FigureField(_("value"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=1, choices=Status, default=Status.NORMAL)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    evidence = models.FileField(_("evidence"), upload_to="evidence/%Y/%m/", max_length=300, blank=True)
    evidence_name = models.CharField(_("name of the evidence"), max_length=255, blank=True)
    returned = models.CharField(_("why the approver returned it"), max_length=500, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "indicator", "breakdown"], name="entry_is_unique_in_report"
            ),
            is_finite("value", "entry_value_is_finite"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.indicator.code}"

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in its report: ids of its indicator and breakdown."""
        return self.indicator_id, self.breakdown_id

    @property
    def is_missing(self) -> bool:
        """Whether its status says that there is no figure."""
        return self.status in MISSING_STATUSES

    @property
    def is_stated(self) -> bool:
        """Whether it says something that can be published."""
        return self.value is not None or self.is_missing
