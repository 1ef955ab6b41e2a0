"""The pages of papers: which there are, one with its files, and the form that orders one."""

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action, may
from papers.forms import FORMS, suggested
from papers.messages import paper_error
from papers.models import Paper, PaperFile, PaperSignature
from papers.services.ordering import PaperError, order_paper
from papers.tasks import send
from programmes.models import Programme

PAPERS_A_PAGE = 50
KINDS = {
    Paper.Kind.PROGRAMME: (
        gettext_lazy("Report of a programme"),
        gettext_lazy("Status, KPIs, what slipped, measures, money and contradictions for chosen years."),
    ),
    Paper.Kind.MONOTOWNS: (
        gettext_lazy("Report on monotowns"),
        gettext_lazy("Class, signs and promises of one town or of all 27."),
    ),
    Paper.Kind.STRATEGY: (
        gettext_lazy("Check of a strategy"),
        gettext_lazy("What the methodology asks of a city's strategy, and what is missing."),
    ),
    Paper.Kind.QUALITY: (
        gettext_lazy("Report on data quality"),
        gettext_lazy("Doubtful figures and definitions, open and acknowledged."),
    ),
}


class PaperSearch(forms.Form):
    """Which papers to show."""

    kind = forms.ChoiceField(
        choices=[("", gettext_lazy("all")), *Paper.Kind.choices], required=False, label=gettext_lazy("Kind")
    )
    programme = forms.ModelChoiceField(
        Programme.objects.all(), to_field_name="code", required=False, empty_label=gettext_lazy("all"),
        label=gettext_lazy("Programme"),
    )  # fmt: skip


@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    """The papers that the reader may read, the latest first."""
    form = PaperSearch(request.GET)
    found = Paper.objects.visible_to(request.user).select_related("programme", "territory")
    found = found.defer("contents").prefetch_related("files")
    form.is_valid()
    for name, errors in form.errors.items():
        messages.warning(request, f"{form.fields[name].label}: {' '.join(map(str, errors))}")
    for name, value in form.cleaned_data.items():
        found = found.filter(**{name: value}) if value else found
    page: Page[Paper] = Paginator(found, PAPERS_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "count": page.paginator.count, "kinds": KINDS.items()}
    return render(request, "papers/paper_list.html", context)


@require_safe
def paper_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper: its files, or how far it has got; what it rests on."""
    paper = _visible(request, pk)
    context = {
        "paper": paper,
        "files": paper.files.all(),
        "problem": paper_error(paper.failure) if paper.failure else "",
        "signatures": PaperSignature.objects.filter(file__paper=paper)
        .select_related("file")
        .defer("content"),
        "may_sign": may(request.user, Action.SIGN),
        "may_fetch": may(request.user, Action.ORDER),
    }
    return render(request, "papers/paper_detail.html", context)


@require_safe
def paper_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the paper has got, asked for every second; when it is done the page is loaded anew."""
    paper = _visible(request, pk)
    response = render(request, "papers/paper_progress.html", {"paper": paper})
    if not paper.is_waiting:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def paper_file(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """A file of a paper."""
    found = get_object_or_404(PaperFile, paper=_visible(request, pk), format=form)
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=f"bagdar-{pk}.{form}")


def _visible(request: HttpRequest, pk: int) -> Paper:
    papers = Paper.objects.visible_to(request.user).defer("contents")
    return get_object_or_404(papers.select_related("programme", "territory", "run"), pk=pk)


@action_required(Action.ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_order(request: UserRequest, kind: str) -> HttpResponse:
    """The form of a kind; the paper is made in a job, and its page shows how far it is."""
    if kind not in FORMS:
        raise Http404
    initial = suggested(kind, request.GET.get("programme", "")) | {
        name: request.GET[name] for name in ("territory", "language") if name in request.GET
    }
    form = FORMS[kind](request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                paper = order_paper(by=request.user, kind=Paper.Kind(kind), **form.cleaned_data)
                if paper.is_waiting:
                    transaction.on_commit(lambda: send(paper.pk))
        except PaperError as error:
            form.add_error(None, paper_error({"code": error.code, **error.params}))
        else:
            if not paper.is_waiting:
                messages.info(request, _("It has been made of the same figures today: here it is."))
            return redirect("papers:paper-detail", paper.pk)
    name, words = KINDS[Paper.Kind(kind)]
    context = {"form": form, "name": name, "words": words}
    return render(request, "papers/paper_order.html", context)
