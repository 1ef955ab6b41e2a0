"""One loan held against the limits that the documents state: the form, and what it finds in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import Unit
from indicators.writing import NO_BREAK_SPACE, written
from programmes.applied import labels
from programmes.applied.form_fields import NumberInput
from programmes.methods.loan_rules import (
    AUYL_AMANATY,
    BUDGET_CREDIT,
    FINANCIAL_AGENCY,
    Loan,
    LoanLimits,
    check_loan,
    microcredit,
    other_legal_entity,
)
from programmes.methods.programme_rules import Code, Violation
from programmes.models import Rule

NOT_STATED = _("The document prints no such rate: state the one that was set.")
LONGEST_MONTHS = 1200
DECIMALS = 4

KINDS: Mapping[str, Promise] = {
    "microcredit": _("Monotowns: microcredit to an end borrower"),
    "budget": _("Monotowns: budget credit to a local executive body"),
    "agency": _("Monotowns: credit to a financial agency"),
    "other": _("Monotowns: credit to another legal entity"),
    "auyl": _("Auyl Amanaty: microcredit"),
}
FIXED = {"budget": BUDGET_CREDIT, "agency": FINANCIAL_AGENCY, "auyl": AUYL_AMANATY}
BY_RATE = {"microcredit": microcredit, "other": other_legal_entity}


class LoanForm(forms.Form):
    """A loan; what is left empty is not known of it."""

    kind = forms.ChoiceField(choices=list(KINDS.items()), label=_("Kind of loan"))
    amount = NumberInput(required=False, max_length=30, label=_("Sum, tenge"))
    months = forms.IntegerField(
        required=False, min_value=1, max_value=LONGEST_MONTHS, label=_("Term, months")
    )
    grace_months = forms.IntegerField(
        required=False, min_value=0, max_value=LONGEST_MONTHS, label=_("Free of repayment, months")
    )
    rate = NumberInput(required=False, max_length=30, label=_("Interest, per cent a year"))
    set_rate = NumberInput(
        required=False,
        max_length=30,
        label=_("Rate that was set, per cent a year"),
        help_text=_(
            "For the end borrower: the highest rate set by the regional organisation. For another legal "
            "entity: the average yield of state securities. The document prints neither."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Asks for the rate that a limit hangs on and the document does not print."""
        cleaned = super().clean() or {}
        is_needed = cleaned.get("kind") in BY_RATE and "set_rate" not in self.errors
        if is_needed and cleaned.get("set_rate") is None:
            self.add_error("set_rate", NOT_STATED)
        return cleaned

    @property
    def limits(self) -> LoanLimits:
        """What the kind of loan must keep."""
        kind = self.cleaned_data["kind"]
        return FIXED[kind] if kind in FIXED else BY_RATE[kind](self.cleaned_data["set_rate"])

    @property
    def violations(self) -> list[Violation]:
        """What the loan breaks, or leaves open; the form must be valid."""
        names = ("amount", "months", "grace_months", "rate")
        return check_loan(
            Loan(self.cleaned_data["kind"], *(self.cleaned_data[name] for name in names)), self.limits
        )


@dataclass(frozen=True)
class Breach:
    """A limit that a loan breaks, or that cannot be checked, in words."""

    violation: Violation
    rule: Rule | None
    unit: str

    @property
    def term(self) -> Promise:
        """What the limit is set for."""
        return labels.LOAN_TERMS[self.violation.code]

    @property
    def found(self) -> str:
        """What the loan has; empty where that is not stated."""
        return self._written(self.violation.found)

    @property
    def limit(self) -> str:
        """What is allowed; empty where it hangs on something that is not stated."""
        return self._written(self.violation.limit)

    @property
    def is_exact(self) -> bool:
        """Whether just this is allowed, no less and no more."""
        return self.violation.code == Code.OTHER_RATE

    def _written(self, number: object) -> str:
        if not isinstance(number, Decimal | int):
            return ""
        return f"{written(number, DECIMALS)}{NO_BREAK_SPACE}{self.unit}"


def breaches(form: LoanForm, rules: Mapping[str, Rule]) -> list[Breach]:
    """What a valid form's loan breaks or leaves open, with the provisions; one query."""
    symbols = {
        unit.code: unit.symbol for unit in Unit.objects.filter(code__in=set(labels.LOAN_UNITS.values()))
    }
    return [
        Breach(violation, rules.get(violation.rule), symbols[labels.LOAN_UNITS[violation.code]])
        for violation in form.violations
    ]
