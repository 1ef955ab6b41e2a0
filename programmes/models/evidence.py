"""Where everything is written, and where documents contradict themselves or each other."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from cities.models import GroupMembership
from common.names import Named, localised
from indicators.fields import FigureField, is_finite
from indicators.models import Series, Unit
from programmes.labels import FINDERS
from programmes.models.documents import Document, Goal, LegalAct, Programme, Qualifier
from programmes.models.inquiries import Inquiry, Question
from programmes.models.kpis import Kpi, Target
from programmes.models.measures import Benchmark, Funding, Measure
from programmes.models.rules import Rule

FOUND = 10_000  # what a rule finds comes after what a person recorded
CITED = (
    "programme", "act", "goal", "kpi", "baseline", "target", "measure", "funding", "benchmark", "statement",
    "membership", "rule", "inquiry", "question", "series",
)  # fmt: skip


class Discrepancy(Named):
    """A contradiction within or between documents: every version is kept, one is used, and a reason given."""

    class Kind(models.TextChoices):
        VALUE = "value", _("different values")
        SUM = "sum", _("parts do not add up")
        UNIT = "unit", _("wrong or missing unit")
        DATE = "date", _("impossible or different dates")
        NAME = "name", _("different names")
        LOGIC = "logic", _("statements exclude one another")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="discrepancies", verbose_name=_("programme")
    )
    code = models.CharField(_("code"), max_length=64)
    order = models.PositiveSmallIntegerField(_("order"), default=FOUND)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    reason_kk = models.TextField(_("reason in Kazakh"), blank=True)
    reason_ru = models.TextField(_("reason in Russian"), blank=True)
    reason_en = models.TextField(_("reason in English"), blank=True)
    rule = models.CharField(_("found by the rule"), max_length=32, choices=FINDERS, blank=True)
    is_recorded = models.BooleanField(_("recorded by a person"), default=True)
    kpis = models.ManyToManyField(Kpi, related_name="discrepancies", blank=True, verbose_name=_("KPIs"))

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["programme", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"], name="discrepancy_code_is_unique_in_programme"
            )
        ]

    @property
    def kind_in_words(self) -> str:
        """What is wrong; `get_kind_display` translates every choice for one of them."""
        return str(self.Kind(self.kind).label)

    @property
    def reason(self) -> str:
        """Why the chosen version is used, or why none is, in the reader's language."""
        return localised(self, "reason")


class DiscrepancyStatement(models.Model):
    """One of the versions that contradict each other."""

    discrepancy = models.ForeignKey(
        Discrepancy, models.CASCADE, related_name="statements", verbose_name=_("discrepancy")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text_kk = models.TextField(_("text in Kazakh"))
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English"))
    value = FigureField(_("value"), null=True, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    is_used = models.BooleanField(_("used by the portal"), default=False)

    class Meta:
        verbose_name = _("statement of a discrepancy")
        verbose_name_plural = _("statements of a discrepancy")
        ordering = ["discrepancy", "order"]
        constraints = [
            models.UniqueConstraint(fields=["discrepancy", "order"], name="statement_order_is_unique"),
            models.UniqueConstraint(
                fields=["discrepancy"], condition=Q(is_used=True), name="statement_used_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The statement in the reader's language."""
        return localised(self, "text")


class Citation(models.Model):
    """Where a stored promise or figure is written: document, section, lines. It belongs to one object.

    A figure of a document belongs to its series and period. `value`, `value_max` and `unit` say what is
    printed in this place where that differs from the object's own: in another magnitude, or contradicting it.
    """

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="citations", verbose_name=_("document")
    )
    section = models.CharField(_("section"), max_length=200, blank=True)
    lines = ArrayField(models.PositiveIntegerField(), verbose_name=_("lines"))
    value = FigureField(_("value as printed"), null=True, blank=True)
    value_max = FigureField(_("upper end of the range as printed"), null=True, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit as printed")
    )
    qualifier = models.CharField(_("as stated"), max_length=16, choices=Qualifier, blank=True)
    is_date_implied = models.BooleanField(_("date implied, not printed"), default=False)
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, related_name="citations", verbose_name=_("programme")
    )
    act = models.ForeignKey(
        LegalAct, models.CASCADE, null=True, related_name="citations", verbose_name=_("legal act")
    )
    goal = models.ForeignKey(
        Goal, models.CASCADE, null=True, related_name="citations", verbose_name=_("goal")
    )
    kpi = models.ForeignKey(Kpi, models.CASCADE, null=True, related_name="citations", verbose_name=_("KPI"))
    baseline = models.ForeignKey(
        Kpi,
        models.CASCADE,
        null=True,
        related_name="baseline_citations",
        verbose_name=_("baseline of the KPI"),
    )
    target = models.ForeignKey(
        Target, models.CASCADE, null=True, related_name="citations", verbose_name=_("target")
    )
    measure = models.ForeignKey(
        Measure, models.CASCADE, null=True, related_name="citations", verbose_name=_("measure")
    )
    funding = models.ForeignKey(
        Funding, models.CASCADE, null=True, related_name="citations", verbose_name=_("funding")
    )
    benchmark = models.ForeignKey(
        Benchmark, models.CASCADE, null=True, related_name="citations", verbose_name=_("benchmark")
    )
    statement = models.ForeignKey(
        DiscrepancyStatement,
        models.CASCADE,
        null=True,
        related_name="citations",
        verbose_name=_("statement of a discrepancy"),
    )
    membership = models.ForeignKey(
        GroupMembership,
        models.CASCADE,
        null=True,
        related_name="citations",
        verbose_name=_("membership in a group"),
    )
    rule = models.ForeignKey(
        Rule, models.CASCADE, null=True, related_name="citations", verbose_name=_("rule")
    )
    inquiry = models.ForeignKey(
        Inquiry, models.CASCADE, null=True, related_name="citations", verbose_name=_("deputies' inquiry")
    )
    question = models.ForeignKey(
        Question, models.CASCADE, null=True, related_name="citations", verbose_name=_("question")
    )
    series = models.ForeignKey(
        Series, models.CASCADE, null=True, related_name="citations", verbose_name=_("series")
    )
    period_start = models.DateField(_("period"), null=True, blank=True)

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["document", "lines"]
        constraints = [
            models.CheckConstraint(name="citation_names_lines", condition=Q(lines__len__gt=0)),
            models.CheckConstraint(
                name="citation_of_a_figure_has_a_period",
                condition=Q(series=None, period_start=None)
                | Q(series__isnull=False, period_start__isnull=False),
            ),
            is_finite("value", "citation_value_is_finite"),
            is_finite("value_max", "citation_value_max_is_finite"),
            models.CheckConstraint(
                name="citation_belongs_to_one_object",
                condition=Exact(
                    models.Func(
                        *(Cast(F(owner), models.BigIntegerField()) for owner in CITED),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.code}: {', '.join(map(str, self.lines))}"

    @property
    def note(self) -> str:
        """What a reader must know, in the reader's language."""
        return localised(self, "note")
