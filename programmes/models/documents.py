"""Programmes, the documents that state them, the legal acts that make and change them, and their goals."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cities.models import Territory, TerritoryGroup, slug
from common.names import Named, localised

ON_TRACK_FROM, AT_RISK_FROM = 0.95, 0.60
"""Paces that count where a programme sets no thresholds of its own."""


class Qualifier(models.TextChoices):
    """How a text qualifies a figure."""

    EXACT = "exact", _("exactly")
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
    ABOUT = "about", _("about")


class Programme(Named):
    """A development programme or strategy: promises for a territory, with a beginning and an end."""

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[slug])
    short_name_kk = models.CharField(_("short name in Kazakh"), max_length=100)
    short_name_ru = models.CharField(_("short name in Russian"), max_length=100)
    short_name_en = models.CharField(_("short name in English"), max_length=100)
    summary_kk = models.TextField(_("summary in Kazakh"), blank=True)
    summary_ru = models.TextField(_("summary in Russian"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    owner_kk = models.CharField(_("owner in Kazakh"), max_length=300, blank=True)
    owner_ru = models.CharField(_("owner in Russian"), max_length=300, blank=True)
    owner_en = models.CharField(_("owner in English"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="programmes",
        verbose_name=_("owner with an account here"),
    )  # fmt: skip
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="programmes", verbose_name=_("territory")
    )
    group = models.ForeignKey(
        TerritoryGroup, models.PROTECT, null=True, blank=True, related_name="programmes",
        verbose_name=_("for each territory of"),
    )  # fmt: skip
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    on_track_from = models.FloatField(_("on track from a pace of"), default=ON_TRACK_FROM)
    at_risk_from = models.FloatField(_("at risk from a pace of"), default=AT_RISK_FROM)
    stated_indicators = models.PositiveSmallIntegerField(
        _("number of indicators that it states"), null=True, blank=True
    )
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(
                name="programme_ends_after_it_starts", condition=Q(starts_on__lt=F("ends_on"))
            ),
            models.CheckConstraint(
                name="programme_thresholds_are_ordered",
                condition=Q(at_risk_from__gt=0, at_risk_from__lt=F("on_track_from")),
            ),
        ]

    @property
    def short_name(self) -> str:
        """A name of a few words, in the reader's language."""
        return localised(self, "short_name")

    @property
    def summary(self) -> str:
        """One or two sentences, in the reader's language."""
        return localised(self, "summary")

    @property
    def owner(self) -> str:
        """Who answers for it, in the reader's language."""
        return localised(self, "owner")

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")


class Document(models.Model):
    """A text that states promises or figures. Its lines are counted from 1."""

    code = models.CharField(_("code"), max_length=16, unique=True)
    programme = models.ForeignKey(
        Programme,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("programme"),
    )
    kind = models.CharField(_("kind"), max_length=32)
    title_kk = models.CharField(_("title in Kazakh"), max_length=500)
    title_ru = models.CharField(_("title in Russian"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500)
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return localised(self, "title")

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")


class LegalAct(models.Model):
    """An act that adopts, amends or repeals a programme, with the days on which it is in effect."""

    class Kind(models.TextChoices):
        BASIS = "basis", _("basis")
        ADOPTION = "adoption", _("adoption")
        APPROVAL = "approval", _("approval")
        AMENDMENT = "amendment", _("amendment")
        REPEAL = "repeal", _("repeal")
        REGISTRATION = "registration", _("registration")
        ASSIGNMENT = "assignment", _("assignment")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="acts", verbose_name=_("programme"))
    code = models.CharField(_("code"), max_length=64, validators=[slug])
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    number = models.CharField(_("number"), max_length=32, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    effective_on = models.DateField(_("in effect from"), null=True, blank=True)
    effective_note_kk = models.CharField(_("how it takes effect, in Kazakh"), max_length=300, blank=True)
    effective_note_ru = models.CharField(_("how it takes effect, in Russian"), max_length=300, blank=True)
    effective_note_en = models.CharField(_("how it takes effect, in English"), max_length=300, blank=True)
    issuer_kk = models.CharField(_("issuer in Kazakh"), max_length=300, blank=True)
    issuer_ru = models.CharField(_("issuer in Russian"), max_length=300, blank=True)
    issuer_en = models.CharField(_("issuer in English"), max_length=300, blank=True)
    title_kk = models.CharField(_("title in Kazakh"), max_length=500)
    title_ru = models.CharField(_("title in Russian"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500)
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("legal act")
        verbose_name_plural = _("legal acts")
        ordering = [F("adopted_on").asc(nulls_last=True), "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="act_code_is_unique_in_programme")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return localised(self, "title")

    @property
    def effective_note(self) -> str:
        """When it takes effect where no day is stated, in the reader's language."""
        return localised(self, "effective_note")

    @property
    def issuer(self) -> str:
        """Who issued it, in the reader's language."""
        return localised(self, "issuer")

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")


class Goal(Named):
    """A goal, section, direction or task of a programme: the tree that its promises hang on."""

    class Kind(models.TextChoices):
        GOAL = "goal", _("goal")
        PART = "part", _("part")
        SECTION = "section", _("section")
        DIRECTION = "direction", _("direction")
        TASK = "task", _("task")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="goals", verbose_name=_("programme")
    )
    code = models.CharField(_("code"), max_length=64)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    number = models.CharField(_("number as printed"), max_length=16, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="goal_code_is_unique_in_programme"),
            models.CheckConstraint(
                name="goal_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("pk"))
            ),
        ]


class LoadedPackage(models.Model):
    """A folder of `data/` as it was last loaded, so that an unchanged one is not loaded again."""

    path = models.CharField(_("folder"), max_length=200, unique=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now=True)

    class Meta:
        verbose_name = _("loaded package")
        verbose_name_plural = _("loaded packages")

    def __str__(self) -> str:
        return self.path
