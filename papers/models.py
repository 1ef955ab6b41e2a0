"""Papers: what is made for paper, how far it has got, its files, and the templates of its letters."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.permissions import Action, Reader, may
from cities.models import Territory
from papers.signatures import is_gost
from programmes.models import Programme, ProgressRun

HASH = r"^[0-9a-f]{64}$"


class PaperQuerySet(models.QuerySet["Paper"]):
    """Papers by who may read them and by state."""

    def visible_to(self, reader: Reader) -> PaperQuerySet:
        """To everybody what is ready; to those who may order also what is under way or has failed."""
        return self if may(reader, Action.ORDER) else self.filter(state=Paper.State.READY)

    def unfinished(self) -> PaperQuerySet:
        """Those that a worker has something to do for."""
        return self.filter(state__in=[Paper.State.QUEUED, Paper.State.WORKING])


class Paper(models.Model):
    """A paper that somebody ordered: what it is about, how far it has got, and on which figures it rests."""

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("report of a programme")
        MONOTOWNS = "monotowns", _("report on monotowns")
        STRATEGY = "strategy", _("check of a strategy")
        QUALITY = "quality", _("report on data quality")

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        WORKING = "working", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("programme")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("territory")
    )
    first_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    percent = models.PositiveSmallIntegerField(_("done, per cent"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    failure = models.JSONField(_("failure"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=600, blank=True)
    contents = models.JSONField(_("contents"), null=True, blank=True)
    figures_on = models.DateField(_("figures as of"), null=True, blank=True)
    revision = models.PositiveBigIntegerField(_("last revision of figures"), null=True, blank=True)
    run = models.ForeignKey(
        ProgressRun, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("last recomputation of everything"),
    )  # fmt: skip
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="papers", verbose_name=_("ordered by")
    )
    ordered_at = models.DateTimeField(_("ordered at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-ordered_at"]
        constraints = [
            models.CheckConstraint(name="paper_percent_is_a_share", condition=Q(percent__lte=100)),
            models.CheckConstraint(
                name="paper_years_are_ordered",
                condition=Q(first_year=None, last_year=None) | Q(first_year__lte=F("last_year")),
            ),
            models.CheckConstraint(
                name="paper_is_about_what_its_kind_needs",
                condition=Q(kind="programme", programme__isnull=False, first_year__isnull=False)
                | Q(kind="strategy", programme__isnull=False)
                | Q(kind__in=["monotowns", "quality"]),
            ),
            models.CheckConstraint(
                name="paper_ready_says_on_what_it_rests",
                condition=~Q(state="ready")
                | Q(percent=100, finished_at__isnull=False, figures_on__isnull=False, contents__isnull=False),
            ),
            models.CheckConstraint(
                name="paper_failure_is_explained", condition=~Q(state="failed") | Q(failure__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["ordered_by", "-ordered_at"], name="paper_by_person"),
            models.Index(
                fields=["changed_at"],
                condition=Q(state__in=["queued", "working"]),
                name="paper_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether a worker still has something to do for it."""
        return self.state in {self.State.QUEUED, self.State.WORKING}

    @property
    def period(self) -> str:
        """The years that it tells of; empty where it tells of no period."""
        if self.first_year is None or self.last_year is None:
            return ""
        return "–".join(map(str, dict.fromkeys([self.first_year, self.last_year])))


class PaperFile(models.Model):
    """A paper in one format, with the hash by which the file is known again."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"
        XLSX = "xlsx", "XLSX"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="files", verbose_name=_("paper"))
    format = models.CharField(_("format"), max_length=4, choices=Format)
    file = models.FileField(_("file"), upload_to="papers/%Y/%m/", max_length=300)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of a paper")
        verbose_name_plural = _("files of papers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "format"], name="paper_file_is_one_of_its_format"),
            models.CheckConstraint(name="paper_file_sha256_is_a_hash", condition=Q(sha256__regex=HASH)),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}.{self.format}"


class PaperSignature(models.Model):
    """A detached electronic signature (CMS) of a file, and what was found of it; it is never changed."""

    class State(models.TextChoices):
        VALID = "valid", _("valid, of a known authority")
        UNTRUSTED = "untrusted", _("of this file, of an authority that is not known here")
        UNSUPPORTED = "unsupported", _("could not be checked here")

    file = models.ForeignKey(PaperFile, models.PROTECT, related_name="signatures", verbose_name=_("file"))
    content = models.BinaryField(_("signature"))
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("what was found"), max_length=11, choices=State)
    signer = models.CharField(_("signer"), max_length=600)
    issuer = models.CharField(_("certificate issued by"), max_length=600)
    serial = models.CharField(_("certificate's number"), max_length=80)
    algorithm = models.CharField(_("algorithm"), max_length=80)
    signed_at = models.DateTimeField(_("signed at, as the signer says"), null=True, blank=True)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("attached by")
    )
    checked_at = models.DateTimeField(_("attached and checked at"), auto_now_add=True)

    class Meta:
        verbose_name = _("signature of a paper")
        verbose_name_plural = _("signatures of papers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "sha256"], name="paper_signature_is_attached_once"),
            models.CheckConstraint(name="paper_signature_sha256_is_a_hash", condition=Q(sha256__regex=HASH)),
        ]

    def __str__(self) -> str:
        return f"{self.file}: {self.signer}"

    @property
    def is_gost(self) -> bool:
        """Whether it is made by a GOST algorithm, which is beyond what is checked here."""
        return is_gost(self.algorithm)


class LetterTemplate(models.Model):
    """A Word template that takes the place of the portal's own: an organisation's, or everybody's."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("reports")
        REPLY = "reply", _("replies to inquiries")

    kind = models.CharField(_("what it is for"), max_length=8, choices=Kind)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="letter_templates",
        verbose_name=_("organisation"), help_text=_("Empty: for everybody who has none of their own."),
    )  # fmt: skip
    file = models.FileField(_("file"), upload_to="letter-templates/", max_length=300)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("Word template")
        verbose_name_plural = _("Word templates")
        ordering = ["kind", "organisation", "-uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "organisation"], condition=Q(is_active=True),
                name="letter_template_in_use_is_one", nulls_distinct=False,
            ),
            models.CheckConstraint(name="letter_template_sha256_is_a_hash", condition=Q(sha256__regex=HASH)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organisation or _('everybody')}"
