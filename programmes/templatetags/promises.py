"""What documents promise, in words: targets, deadlines, and the lines where it is written."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django import template
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from common.names import LANGUAGES, language
from indicators.periods import Period
from indicators.templatetags.figures import period as period_in_words
from indicators.writing import in_a_sentence
from programmes import explaining
from programmes.models import Citation, Discrepancy, Document, Funding, Kpi, Target

register = template.Library()


@register.filter
def stated(target: Target | None, kpi: Kpi) -> str:
    """A target as its document states it; nothing where there is none."""
    return explaining.stated(target, kpi) if target else ""


@register.filter
def lines(numbers: Iterable[int]) -> str:
    """Line numbers with neighbours drawn together: 5, 7–9."""
    runs = groupby(enumerate(sorted(set(numbers))), lambda pair: pair[1] - pair[0])
    ends = [[number for _index, number in run] for _key, run in runs]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in ends)


@register.filter
def by_document(citations: Iterable[Citation]) -> list[tuple[Document, list[Citation]]]:
    """Each document once, in the order of first mention, with the places in it."""
    places: dict[Document, list[Citation]] = {}
    for citation in citations:
        places.setdefault(citation.document, []).append(citation)
    return list(places.items())


@register.filter
def only_document(discrepancy: Discrepancy) -> Document | None:
    """The document that contradicts itself; None where several contradict each other."""
    documents = {c.document for statement in discrepancy.statements.all() for c in statement.citations.all()}
    return documents.pop() if len(documents) == 1 else None


@register.filter
def deadline(rule: Mapping[str, Any] | None) -> str:
    """A measure's deadline rule: a period, months of every year, or a span of years."""
    match rule:
        case {"type": "one_off", "period": text}:
            return period_in_words(Period.parse(text))
        case {"type": "recurring", "months": months, **span}:
            names = ", ".join(in_a_sentence(str(MONTHS[month])) for month in months)
            yearly = _("every year: %(months)s") % {"months": names}
            years = "–".join(str(span[key]) for key in ("from_year", "to_year") if key in span)
            return f"{yearly} ({years})" if years else yearly
        case {"type": "period", "from_year": first, "to_year": last}:
            return f"{first}–{last}"
    return _("not stated")


@register.filter
def years(money: Funding) -> str:
    """The year, or years, that an amount is for."""
    span = dict.fromkeys(year for year in (money.year_from, money.year_to) if year is not None)
    return "–".join(map(str, span)) or _("years not stated")


@register.filter
def bodies(responsible: Iterable[Mapping[str, Any]]) -> str:
    """Who answers for a measure, in the reader's language, and who only by agreement."""
    names = []
    for body in responsible:
        name = next((body["name"][code] for code in (language(), *LANGUAGES) if body["name"].get(code)), "")
        names.append(_("%(name)s (by agreement)") % {"name": name} if body["by_agreement"] else name)
    return "; ".join(names) or _("not stated")
