"""The work on an inquiry: registering it, attaching figures, assigning, answering, deciding."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action, may
from cities.models import Territory
from common.names import NAMES
from programmes.filters_evidence import LONGEST_SEARCH, having
from programmes.forms_inquiries import AnswerForm, AssignForm, FigureForm, LetterForm
from programmes.inquiry_texts import inquiry_error
from programmes.models import Inquiry, Kpi
from programmes.services.registering import (
    InquiryError,
    attach_figures,
    may_attach,
    register_inquiry,
)
from programmes.services.replying import (
    approve_reply,
    assign_inquiry,
    publish_reply,
    return_reply,
    save_answers,
    submit_reply,
)
from programmes.views.inquiries import allowed, figures_beside, readable

KPIS_A_PAGE = 20
page = require_http_methods(["GET", "POST"])


@action_required(Action.REGISTER_INQUIRY)
@page
def inquiry_register(request: UserRequest) -> HttpResponse:
    """The letter, as it was received; with `more` there is room for more points."""
    form = LetterForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        try:
            inquiry = register_inquiry(letter=form.letter(), by=request.user)
        except InquiryError as error:
            form.add_error("number" if error.code == "number_taken" else None, inquiry_error(error))
        else:
            messages.success(request, _("Registered. Attach the figures that it is about."))
            return redirect("programmes:inquiry-figures", inquiry.code)
    if "more" in request.POST:
        form.errors.clear()
    return render(request, "programmes/inquiry_register.html", {"form": form})


@action_required(Action.ATTACH_FIGURES)
@page
def inquiry_figures(request: UserRequest, code: str) -> HttpResponse:
    """Looks for a KPI (`?q=`) and, one being chosen (`?kpi=`), freezes its figure."""
    inquiry = _registered(request, code)
    if not may_attach(request.user, inquiry):
        raise Http404
    kpi = _kpi(request.GET.get("kpi", ""))
    form = FigureForm(request.POST or None, inquiry=inquiry, kpi=kpi) if kpi else None
    if request.method == "POST" and form is not None and form.is_valid():
        wanted = [form.wanted()]
        attach = partial(attach_figures, inquiry=inquiry, wanted=wanted, by=request.user)
        if _done(request, attach, _("Attached, as it was known on the day of the inquiry.")):
            return redirect("programmes:inquiry-figures", inquiry.code)
    context = {
        "inquiry": inquiry,
        "kpi": kpi,
        "form": form,
        "q": request.GET.get("q", "")[:LONGEST_SEARCH],
        "page": None if kpi else Paginator(_offered(request, inquiry), KPIS_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "beside": figures_beside(inquiry),
    }  # fmt: skip
    return render(request, "programmes/inquiry_figures.html", context)


def _kpi(public_id: str) -> Kpi | None:
    """The KPI by its programme's code and its own, such as `almaty-2025:KPI-7`; an unknown one is 404."""
    if not public_id:
        return None
    programme, _colon, code = public_id.replace("\0", "").partition(":")
    related = ("programme", "territory", "group", "breakdown", "indicator__unit")
    return get_object_or_404(Kpi.objects.select_related(*related), programme__code=programme, code=code)


def _offered(request: HttpRequest, inquiry: Inquiry) -> QuerySet[Kpi]:
    """KPIs by words of their names; without words those of the inquiry's programme or territory."""
    kpis = Kpi.objects.select_related("programme", "territory", "group").order_by("programme", "order", "pk")
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    if words:
        return having(kpis, words, [*NAMES, "code", "programme__code"])
    if inquiry.programme_id:
        return kpis.filter(programme=inquiry.programme_id)
    within = Territory.objects.within({inquiry.territory_id or 0}).values("pk")
    return kpis.filter(Q(territory__in=within) | Q(group__memberships__territory__in=within)).distinct()


@action_required(Action.ASSIGN_INQUIRY)
@page
def inquiry_assign(request: UserRequest, code: str) -> HttpResponse:
    """Who answers."""
    inquiry = _registered(request, code, Action.ASSIGN_INQUIRY)
    form = AssignForm(request.POST or None, inquiry=inquiry, user=request.user)
    if request.method == "POST" and form.is_valid():
        organisation, person = form.chosen
        assign = partial(
            assign_inquiry, inquiry=inquiry, organisation=organisation, assignee=person, by=request.user
        )
        if _done(request, assign, _("Assigned.")):
            return redirect("programmes:inquiry-detail", inquiry.code)
    return render(request, "programmes/inquiry_assign.html", {"inquiry": inquiry, "form": form})


@action_required(Action.ANSWER_INQUIRY)
@page
def inquiry_answer(request: UserRequest, code: str) -> HttpResponse:
    """The answers, point by point; saved, or with `submit` handed in for approval."""
    inquiry = _registered(request, code, Action.ANSWER_INQUIRY)
    form = AnswerForm(request.POST or None, inquiry=inquiry)
    if request.method == "POST" and form.is_valid():
        is_final = "submit" in request.POST
        store = partial(
            submit_reply if is_final else save_answers, inquiry=inquiry, answers=form.answers,
            signatory=form.cleaned_data["signatory"], by=request.user,
        )  # fmt: skip
        text = _("Handed in for approval.") if is_final else _("Saved.")
        if _done(request, store, text):
            return redirect(f"programmes:inquiry-{'detail' if is_final else 'answer'}", inquiry.code)
    context = {
        "inquiry": inquiry,
        "form": form,
        "beside": figures_beside(inquiry),
        "allowed": allowed(request.user, inquiry),
    }
    return render(request, "programmes/inquiry_answer.html", context)


@action_required(Action.APPROVE_INQUIRY)
@require_POST
def inquiry_decide(request: UserRequest, code: str) -> HttpResponse:
    """Approves the reply, returns it with a reason, or publishes it."""
    inquiry = _registered(request, code, Action.APPROVE_INQUIRY)
    reason = request.POST.get("reason", "").replace("\0", "").strip()[:1000]
    if "return" in request.POST:
        decide = partial(return_reply, inquiry=inquiry, reason=reason, by=request.user)
        text = _("Returned.")
    elif "publish" in request.POST:
        decide = partial(publish_reply, inquiry=inquiry, by=request.user)
        text = _("Published: everybody may read it now.")
    else:
        decide = partial(approve_reply, inquiry=inquiry, by=request.user)
        text = _("Approved. It is public once it is published.")
    _done(request, decide, text)
    return redirect("programmes:inquiry-detail", inquiry.code)


def _registered(request: UserRequest, code: str, action: Action | None = None) -> Inquiry:
    """An inquiry that the user may read and, if one is named, on which he may take the action; else 404."""
    rows = readable(request.user).filter(document=None)
    related = ("programme", "asker", "organisation", "territory", "assignee")
    inquiry = get_object_or_404(rows.select_related(*related), code=code)
    if action is not None and not may(request.user, action, inquiry.territory, inquiry.organisation):
        raise Http404
    return inquiry


def _done(request: HttpRequest, action: Callable[[], object], text: str) -> bool:
    """Takes the action and says so; if it cannot be taken, tells the reader why."""
    try:
        action()
    except InquiryError as error:
        messages.error(request, inquiry_error(error))
        return False
    messages.success(request, text)
    return True
