"""Search over everything, in three languages at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.twins import twin
from portal.models import SearchEntry
from portal.searching import MOST_LETTERS, Finding, Hit, find
from programmes.models import Programme

Kind = SearchEntry.Kind
OF_EACH_KIND, A_PAGE, IN_A_FILE = 5, 25, 2000
COLUMNS = ("kind", "programme", "code", "title_kk", "title_ru", "title_en")


@dataclass(frozen=True)
class Choice:
    """A kind or a programme to narrow the search to."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Group:
    """The best hits of a kind."""

    kind: Choice
    hits: list[Hit]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What `?q=` may mean: the best of each kind, or with `kind` all of that, page by page."""
    text = request.GET.get("q", "").replace("\0", "").strip()
    if len(text) > MOST_LETTERS:
        messages.warning(
            request, _("Only the first %(count)s letters are searched for.") % {"count": MOST_LETTERS}
        )
    finding = find(text)
    names = {each.code: each.short_name for each in Programme.objects.all()}
    kind, programme = _chosen(request, "kind", Kind.values), _chosen(request, "programme", names)
    entries = finding.entries
    entries = entries.filter(kind=kind) if kind else entries
    entries = entries.filter(programme=programme) if programme else entries
    file = twin(
        request, "search", COLUMNS, entries[:IN_A_FILE].values_list(*COLUMNS) if finding.tally else ()
    )
    if file is not None:
        return file
    kinds = [Choice(k, str(Kind(k).label), n) for k, n in finding.counts_by_kind(programme).items()]
    context = {
        "text": text,
        "finding": finding,
        "kind": kind,
        "programme": programme,
        "kinds": kinds,
        "programmes": [Choice(c, names.get(c, c), n) for c, n in finding.counts_by_programme(kind).items()],
        "total": sum(choice.count for choice in kinds if kind in {"", choice.value}),
    }
    if kind and finding.tally:
        page: Page[SearchEntry] = Paginator(entries, A_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "hits": finding.hits(page)}
    elif finding.tally:
        context["groups"] = _groups(finding, programme, kinds)
    return render(request, "portal/search.html", context)


def _groups(finding: Finding, programme: str, kinds: list[Choice]) -> list[Group]:
    """The best of each kind, the kind with the best hit first."""
    entries = finding.entries.filter(programme=programme) if programme else finding.entries
    by_kind: dict[str, list[SearchEntry]] = {}
    for entry in entries.best_of_each_kind(OF_EACH_KIND):
        by_kind.setdefault(entry.kind, []).append(entry)
    choices = {choice.value: choice for choice in kinds}
    return [Group(choices[kind], finding.hits(found)) for kind, found in by_kind.items()]


def _chosen(request: HttpRequest, name: str, known: object) -> str:
    """The value in the address; one that does not exist is said, and not heeded."""
    value = request.GET.get(name, "")
    if value and value not in known:  # type: ignore[operator]
        messages.warning(request, _("There is no “%(value)s” to narrow the search to.") % {"value": value})
        return ""
    return value
