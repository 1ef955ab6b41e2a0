"""What documents prescribe, with the numbers in it, and the deputies' inquiries that some of them answer."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.names import Named, localised
from indicators.fields import FigureField, is_finite
from indicators.models import Unit
from programmes.models.documents import Document, Programme
from programmes.models.kpis import Kpi


class Rule(Named):
    """A provision of a document: a definition, a criterion, a deadline, a limit."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="rules", verbose_name=_("programme")
    )
    code = models.CharField(_("code"), max_length=64)
    kind = models.CharField(_("kind"), max_length=32)
    paragraph = models.CharField(_("paragraph"), max_length=32, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rule_code_is_unique_in_programme")
        ]


class RuleParameter(models.Model):
    """A number in a rule: 20 per cent, 15th day, 3 million tenge."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="parameters", verbose_name=_("rule"))
    code = models.CharField(_("code"), max_length=64)
    value = FigureField(_("value"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )

    class Meta:
        verbose_name = _("parameter of a rule")
        verbose_name_plural = _("parameters of a rule")
        ordering = ["rule", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "code"], name="parameter_code_is_unique_in_rule"),
            is_finite("value", "parameter_value_is_finite"),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class Inquiry(models.Model):
    """A deputies' inquiry and the reply to it, as far as the reply tells."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="inquiries", verbose_name=_("programme")
    )
    document = models.ForeignKey(Document, models.PROTECT, related_name="inquiries", verbose_name=_("reply"))
    code = models.CharField(_("code"), max_length=64, unique=True)
    number = models.CharField(_("number"), max_length=32)
    date_printed = models.DateField(_("date as printed"), null=True, blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    date_note_kk = models.TextField(_("what the date is of, in Kazakh"), blank=True)
    date_note_ru = models.TextField(_("what the date is of, in Russian"), blank=True)
    date_note_en = models.TextField(_("what the date is of, in English"), blank=True)
    addressees_kk = models.CharField(_("addressed to, in Kazakh"), max_length=300)
    addressees_ru = models.CharField(_("addressed to, in Russian"), max_length=300)
    addressees_en = models.CharField(_("addressed to, in English"), max_length=300)
    topic_kk = models.CharField(_("topic in Kazakh"), max_length=300)
    topic_ru = models.CharField(_("topic in Russian"), max_length=300)
    topic_en = models.CharField(_("topic in English"), max_length=300)
    replied_by_kk = models.CharField(_("replied by, in Kazakh"), max_length=300, blank=True)
    replied_by_ru = models.CharField(_("replied by, in Russian"), max_length=300, blank=True)
    replied_by_en = models.CharField(_("replied by, in English"), max_length=300, blank=True)
    outcome_kk = models.TextField(_("outcome in Kazakh"), blank=True)
    outcome_ru = models.TextField(_("outcome in Russian"), blank=True)
    outcome_en = models.TextField(_("outcome in English"), blank=True)
    kpis = models.ManyToManyField(Kpi, related_name="inquiries", blank=True, verbose_name=_("KPIs"))
    territories = models.ManyToManyField(
        Territory, related_name="inquiries", blank=True, verbose_name=_("territories")
    )

    class Meta:
        verbose_name = _("deputies' inquiry")
        verbose_name_plural = _("deputies' inquiries")
        ordering = [F("date_printed").desc(nulls_last=True), "code"]

    def __str__(self) -> str:
        return f"{self.number} {self.topic}"

    @property
    def date_note(self) -> str:
        """What the printed date is the date of, in the reader's language."""
        return localised(self, "date_note")

    @property
    def addressees(self) -> str:
        """Whom the reply addresses, in the reader's language."""
        return localised(self, "addressees")

    @property
    def topic(self) -> str:
        """What it asks about, in the reader's language."""
        return localised(self, "topic")

    @property
    def replied_by(self) -> str:
        """Who signed the reply, in the reader's language."""
        return localised(self, "replied_by")

    @property
    def outcome(self) -> str:
        """What came of it, in the reader's language."""
        return localised(self, "outcome")


class Question(models.Model):
    """A question of an inquiry and the answer to it."""

    inquiry = models.ForeignKey(
        Inquiry, models.CASCADE, related_name="questions", verbose_name=_("deputies' inquiry")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text_kk = models.TextField(_("question in Kazakh"))
    text_ru = models.TextField(_("question in Russian"))
    text_en = models.TextField(_("question in English"))
    answer_kk = models.TextField(_("answer in Kazakh"), blank=True)
    answer_ru = models.TextField(_("answer in Russian"), blank=True)
    answer_en = models.TextField(_("answer in English"), blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["inquiry", "order"]
        constraints = [models.UniqueConstraint(fields=["inquiry", "order"], name="question_order_is_unique")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return localised(self, "text")

    @property
    def answer(self) -> str:
        """The answer in the reader's language."""
        return localised(self, "answer")
