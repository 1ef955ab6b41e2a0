"""What documents prescribe, with the numbers in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.names import Named
from indicators.fields import FigureField, is_finite
from indicators.models import Unit
from programmes.models.documents import Programme


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
