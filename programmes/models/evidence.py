"""Where everything is written, and where documents contradict themselves or each other."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from cities.models import GroupMembership
from common.names import Named, localised
from indicators.fields import FigureField
from indicators.models import Unit
from programmes.models.documents import Document, Goal, LegalAct, Programme
from programmes.models.kpis import Kpi, Target
from programmes.models.measures import Benchmark, Funding, Measure

CITED = (
    "programme", "act", "goal", "kpi", "target", "measure", "funding", "benchmark", "statement", "membership",
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
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    reason_kk = models.TextField(_("reason in Kazakh"), blank=True)
    reason_ru = models.TextField(_("reason in Russian"), blank=True)
    reason_en = models.TextField(_("reason in English"), blank=True)
    kpis = models.ManyToManyField(Kpi, related_name="discrepancies", blank=True, verbose_name=_("KPIs"))

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["programme", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"], name="discrepancy_code_is_unique_in_programme"
            )
        ]

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
    """Where a stored promise or figure is written: document, section, lines. It belongs to one object."""

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="citations", verbose_name=_("document")
    )
    section = models.CharField(_("section"), max_length=200, blank=True)
    lines = ArrayField(models.PositiveIntegerField(), verbose_name=_("lines"))
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

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["document", "lines"]
        constraints = [
            models.CheckConstraint(name="citation_names_lines", condition=Q(lines__len__gt=0)),
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
