"""Files on their way in: the upload, its figures before they are published, and what was learnt."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Abs, Cast, Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from indicators.fields import FREQUENCIES, FigureField, Status, is_finite
from indicators.models.catalogue import Breakdown, Indicator, Source
from indicators.models.reporting import ReportingForm
from indicators.querysets import UploadQuerySet

RELATIVE_CHANGE = Case(
    When(value=F("old_value"), then=Cast(Value("0"), FigureField())),
    default=Coalesce(
        Abs(F("value") - F("old_value")) / NullIf(Abs(F("old_value")), Cast(Value("0"), FigureField())),
        Cast(Value("Infinity"), FigureField()),
        output_field=FigureField(),
    ),
    output_field=FigureField(),
)
"""How much a staged figure changes the published one, as a share of it; infinite where that is 0 or none."""


class Upload(models.Model):
    """A file that somebody sent in, kept as it came, and how far it has got."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        PREVIEWED = "previewed", _("ready to confirm")
        CONFIRMED = "confirmed", _("being applied")
        APPLIED = "applied", _("applied")
        REVERTING = "reverting", _("being undone")
        REVERTED = "reverted", _("undone")
        FAILED = "failed", _("failed")

    file = models.FileField(_("file"), upload_to="uploads/%Y/%m/", max_length=300)
    file_name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads", verbose_name=_("sent by")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    source = models.ForeignKey(Source, models.PROTECT, related_name="uploads", verbose_name=_("source"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="uploads", verbose_name=_("indicator")
    )
    form = models.ForeignKey(
        ReportingForm, models.PROTECT, null=True, blank=True, related_name="uploads",
        verbose_name=_("reporting form that it fills in"),
    )  # fmt: skip
    watch = models.ForeignKey(
        "WatchedFile", models.PROTECT, null=True, blank=True, related_name="uploads",
        verbose_name=_("watched file"),
    )  # fmt: skip
    released_on = models.DateField(_("released by the source on"), null=True, blank=True)
    reason = models.CharField(_("reason for changes"), max_length=500, blank=True)
    # What people corrected of its tables: the position of each in the file, and the changes to its layout.
    corrections = models.JSONField(_("corrections"), default=dict, blank=True)
    confirms_itself = models.BooleanField(
        _("is published without another look, where no cell is rejected"), default=False
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RECEIVED)
    recognised = models.JSONField(_("recognised"), default=list, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    # What its page asks and filters by, worked out once by the worker: questions, learnt names used, tallies.
    findings = models.JSONField(_("findings"), default=dict, blank=True)
    failure = models.JSONField(_("failure"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("undone by"),
    )  # fmt: skip
    reverted_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    revert_reason = models.CharField(_("reason for undoing"), max_length=500, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="upload_sha256_is_a_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="upload_failure_is_explained",
                condition=~Q(state="failed") | Q(failure__isnull=False),
            ),
            models.CheckConstraint(
                name="upload_confirmed_by_somebody",
                condition=~Q(state__in=["confirmed", "applied", "reverting", "reverted"])
                | Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="upload_reverted_by_somebody",
                condition=~Q(state__in=["reverting", "reverted"])
                | Q(reverted_by__isnull=False) & ~Q(revert_reason=""),
            ),
            models.CheckConstraint(
                name="upload_applied_has_its_moment",
                condition=~Q(state="applied") | Q(applied_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_waiting(self) -> bool:
        """Whether a worker still has something to do for it."""
        return self.state in {self.State.RECEIVED, self.State.CONFIRMED, self.State.REVERTING}


class StagedFigure(models.Model):
    """A cell of an upload before it is published: what it would change, or why it cannot be used.

    Its references are not checked by PostgreSQL: that would take as long as reading the file. They are
    checked when the figures are published.
    """

    class Change(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        REJECTED = "rejected", _("rejected")

    upload = models.ForeignKey(
        Upload,
        models.CASCADE,
        related_name="figures",
        db_index=False,
        db_constraint=False,
        verbose_name=_("upload"),
    )
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    row = models.PositiveIntegerField(_("row"))
    column = models.PositiveIntegerField(_("column"))
    raw = models.CharField(_("as written"), max_length=200, blank=True)
    indicator = models.ForeignKey(
        Indicator,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("indicator"),
    )
    territory = models.ForeignKey(
        Territory,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("territory"),
    )
    breakdown = models.ForeignKey(
        Breakdown,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("breakdown"),
    )
    frequency = models.CharField(_("frequency"), max_length=1, choices=FREQUENCIES, blank=True)
    period_start = models.DateField(_("period"), null=True)
    value = FigureField(_("value"), null=True)
    status = models.CharField(_("status"), max_length=1, choices=Status, default=Status.NORMAL)
    change = models.CharField(_("change"), max_length=10, choices=Change)
    old_value = FigureField(_("published value"), null=True)
    old_status = models.CharField(_("published status"), max_length=1, choices=Status, blank=True)
    problem = models.CharField(_("problem"), max_length=40, blank=True)
    details = models.JSONField(_("details"), null=True)

    class Meta:
        verbose_name = _("staged figure")
        verbose_name_plural = _("staged figures")
        constraints = [
            is_finite("value", "staged_value_is_finite"),
            models.CheckConstraint(
                name="staged_rejection_is_explained", condition=~Q(change="rejected") | ~Q(problem="")
            ),
        ]
        indexes = [
            models.Index(fields=["upload", "change", "id"], name="staged_by_change"),
            models.Index(
                F("upload"),
                RELATIVE_CHANGE.desc(),
                F("id"),
                name="staged_by_size_of_change",
                condition=Q(change="changed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!R{self.row}C{self.column}"
