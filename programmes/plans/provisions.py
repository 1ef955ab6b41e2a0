"""The kinds of provisions that documents make, in the order in which pages show them, in readable words."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.models import Rule

KINDS: dict[str, Promise] = {
    "definition": _("Definitions"),
    "classification": _("How places are classed"),
    "potential_positive": _("Signs of prospects"),
    "potential_negative": _("Signs of a lack of prospects"),
    "eligibility": _("Conditions of support"),
    "formula": _("Amounts and how they are worked out"),
    "role": _("Who does what"),
    "approval": _("Decisions and approvals"),
    "deadline": _("Deadlines"),
    "required_document": _("Documents required"),
    "reporting": _("Reporting"),
    "structure": _("Structure of the document"),
    "required_section": _("Sections that must be there"),
    "required_attribute": _("What the sections must contain"),
    "analysis": _("Analysis"),
    "benchmark": _("Comparison with others"),
    "indicator_criteria": _("Requirements for indicators"),
    "recommended_indicator": _("Recommended indicators"),
    "other": _("Other provisions"),
}


def by_kind(rules: Iterable[Rule]) -> list[tuple[str, Promise, list[Rule]]]:
    """The rules of each kind under its words, in the order of the kinds; an unknown kind is `other`."""
    found: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        found[rule.kind if rule.kind in KINDS else "other"].append(rule)
    return [(kind, words, found[kind]) for kind, words in KINDS.items() if kind in found]
