"""What documents promise, in words: targets, deadlines, and the lines where it is written."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import template
from django.template import Context
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from common.names import LANGUAGES, language
from indicators.periods import Period
from indicators.templatetags.figures import period as period_in_words
from indicators.writing import in_a_sentence, written
from programmes import explaining
from programmes.models import Benchmark, Citation, Discrepancy, Document, Funding, Kpi, Qualifier, Target

register = template.Library()

EXACT = 6  # decimals: a printed number is shown as it is printed


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
def printed(citation: Citation) -> str:
    """The number that a place prints instead of the stored one, with its unit."""
    ends = [end for end in (citation.value, citation.value_max) if end is not None]
    text = "–".join(written(end, EXACT) for end in ends)
    return f"{text}\u00a0{citation.unit.symbol}" if citation.unit else text


@register.filter
def differs(citation: Citation, planned: Decimal | str | None) -> bool:
    """Whether a place prints another number than the object's; money may be printed in billions."""
    if citation.value is None or not isinstance(planned, Decimal) or citation.unit is None:
        return citation.value is not None
    return bool(citation.value * (citation.unit.factor or 1) != planned)


@register.filter
def compared(benchmark: Benchmark) -> str:
    """Another place's figure with its unit, a range with both ends."""
    ends = [end for end in (benchmark.value, benchmark.value_max) if end is not None]
    text = "–".join(written(end, EXACT) for end in ends)
    text = f"{text}\u00a0{benchmark.unit.symbol}"
    is_plain = benchmark.qualifier == Qualifier.EXACT
    return text if is_plain else f"{benchmark.get_qualifier_display()} {text}"


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
        case {"type": "start", "period": text}:
            return _("begins: %(period)s") % {"period": period_in_words(Period.parse(text))}
        case {"type": "yearly", **span}:
            return _every_year(span.get("from_year"), span.get("to_year"))
    return _("not stated")


def _every_year(first: object, last: object) -> str:
    if first and last:
        return _("every year (%(years)s)") % {"years": f"{first}–{last}"}
    if last:
        return _("every year to %(year)s") % {"year": last}
    return _("every year from %(year)s") % {"year": first} if first else _("every year")


@register.filter
def section(text: str) -> str:
    """A part of a document as a reader looks for it: section 1.3, annex 4, the introduction."""
    words = {
        "intro": _("introduction"),
        "trends": _("trends"),
        "challenges": _("challenges"),
        "2030": _("aims to 2030"),
        "directions": _("directions"),
        "conclusion": _("conclusion"),
        "KPI": _("table of KPIs"),
    }
    head, _space, number = text.partition(" ")
    if head == "annex":
        return _("annex %(number)s") % {"number": number}
    if head in words:
        return words[head]
    return _("section %(section)s") % {"section": text}


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


@register.simple_tag(takes_context=True)
def past(context: Context) -> str:
    """The query of a link that keeps the day as of which the page is shown."""
    day = getattr(context.get("request"), "as_of", None)
    return f"?as_of={day.isoformat()}" if day else ""
