"""Deputies' inquiries for readers: published ones for everybody, the others for those whom they concern."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import Action, Reader, inquiries_open_to, may
from common.twins import twin
from programmes.answers import ReplyFigure, frozen_figures, in_words, source_in_words
from programmes.evidence.provenance import citations
from programmes.evidence.tracing import Trace, traces
from programmes.filters_inquiries import InquirySearch
from programmes.later import Later, later_figures
from programmes.models import Citation, Inquiry, Question
from programmes.models.inquiries import InquiryQuerySet
from programmes.services.registering import CLOSED, may_attach
from programmes.services.replying import AT_WORK

INQUIRIES_A_PAGE = 50
CITATIONS = Prefetch("citations", Citation.objects.select_related("document"))
COLUMNS = (
    "number", "date", "topic", "state", "asked_by", "who_answers", "programme", "territories", "due_on",
    "overdue", "replied_on",
)  # fmt: skip
FIGURE_COLUMNS = (
    "point", "kpi", "name", "territory", "breakdown", "unit", "as_of", "period", "actual", "baseline",
    "target", "target_year", "standing", "distance", "source", "period_now", "actual_now", "standing_now",
    "revised_to",
)  # fmt: skip
State = Inquiry.State


@dataclass(frozen=True)
class Beside:
    """A frozen figure in words, its point, and what is known of it today."""

    words: ReplyFigure
    later: Later
    source: str


@dataclass(frozen=True)
class Can:
    """What the reader may do with an inquiry now."""

    attach: bool = False
    assign: bool = False
    answer: bool = False
    approve: bool = False
    publish: bool = False
    see_draft: bool = False

    @property
    def anything(self) -> bool:
        """Whether there is anything to do."""
        return self.attach or self.assign or self.answer or self.approve or self.publish


def readable(user: Reader) -> InquiryQuerySet:
    """The inquiries that the user may read."""
    return Inquiry.objects.filter(Q(state=State.PUBLISHED) | inquiries_open_to(user))


@require_safe
def inquiry_list(request: HttpRequest) -> HttpResponse:
    """The inquiries that the reader may read, the latest first."""
    rows = readable(request.user).select_related("programme", "asker", "organisation")
    search = _understood(request, rows)
    found: QuerySet[Inquiry] = search.qs
    if (file := twin(request, "inquiries", COLUMNS, _cells(found))) is not None:
        return file
    today = timezone.localdate()
    is_open = ~Q(state=State.PUBLISHED)
    late = is_open & Q(due_on__lt=today)
    context = {
        "form": search.form,
        "page": Paginator(found, INQUIRIES_A_PAGE).get_page(request.GET.get("page")),
        "tally": found.order_by().aggregate(
            total=Count("pk"), open=Count("pk", filter=is_open), late=Count("pk", filter=late)
        ),
        "is_filtered": any(request.GET.get(name) for name in search.filters),
        "may_register": may(request.user, Action.REGISTER_INQUIRY),
    }
    return render(request, "programmes/inquiry_list.html", context)


def _understood(request: HttpRequest, rows: QuerySet[Inquiry]) -> InquirySearch:
    """The search as far as it is understood; of the rest the page says that it is ignored."""
    search = InquirySearch(request.GET, rows)
    wrong = [name for name in search.form.errors if name in request.GET]
    if not wrong:
        return search
    kept = QueryDict(mutable=True)
    for name in wrong:
        messages.warning(
            request,
            _("“%(text)s” is nothing to look for under “%(filter)s”: it is ignored.")
            % {"text": request.GET[name][:100], "filter": search.form[name].label},
        )
    for name, values in request.GET.lists():
        if name not in wrong:
            kept.setlist(name, values)
    return InquirySearch(kept, rows)


def _cells(found: QuerySet[Inquiry]) -> Iterator[tuple[object, ...]]:
    for each in found.prefetch_related("territories"):
        yield (
            each.number, each.date_printed, each.topic, each.state,
            each.asker.name if each.asker else "",
            each.organisation.name if each.organisation else each.replied_by,
            each.programme.code if each.programme else "",
            " ".join(territory.code for territory in each.territories.all()),
            each.due_on, each.is_overdue, each.replied_on,
        )  # fmt: skip


@require_safe
def inquiry_detail(request: HttpRequest, code: str) -> HttpResponse:
    """An inquiry: what was asked and answered, the figures of its day, and later ones beside them."""
    questions = Prefetch("questions", Question.objects.prefetch_related(CITATIONS))
    related = (
        "programme", "document", "asker", "organisation", "territory", "assignee", "drafted_by",
        "approved_by", "registered_by",
    )  # fmt: skip
    inquiry = get_object_or_404(
        readable(request.user)
        .select_related(*related)
        .prefetch_related(CITATIONS, questions, "territories", "kpis__programme", "addressed_to"),
        code=code,
    )
    beside = figures_beside(inquiry)
    rows = _figure_cells(inquiry, beside)
    if (file := twin(request, f"inquiry-{inquiry.code}", FIGURE_COLUMNS, rows)) is not None:
        return file
    context = {
        "inquiry": inquiry,
        "programme": inquiry.programme,
        "traces": _stated(inquiry),
        "points": [
            (question, [each for each in beside if each.words.frozen.question_id == question.pk])
            for question in inquiry.questions.all()
        ],
        "figures": [each for each in beside if each.words.frozen.question_id is None],
        "has_figures": bool(beside),
        "allowed": allowed(request.user, inquiry),
    }
    return render(request, "programmes/inquiry_detail.html", context)


def figures_beside(inquiry: Inquiry) -> list[Beside]:
    """The frozen figures, in the order of their points, and what is known of them today."""
    if not inquiry.is_registered:
        return []
    figures = list(frozen_figures().filter(inquiry=inquiry).order_by("question__order", "pk"))
    later = later_figures(figures) if figures else {}
    return [Beside(in_words(each), later[each.pk], source_in_words(each)) for each in figures]


def _figure_cells(inquiry: Inquiry, beside: list[Beside]) -> Iterator[tuple[object, ...]]:
    orders = {question.pk: question.order for question in inquiry.questions.all()}
    for each in beside:
        frozen, later = each.words.frozen, each.later
        kpi = frozen.kpi
        yield (
            orders.get(frozen.question_id or 0), f"{kpi.programme.code}:{kpi.code}", kpi.name,
            frozen.territory.code if frozen.territory else "", frozen.breakdown.code,
            kpi.indicator.unit.code, frozen.as_of, str(frozen.period or ""), frozen.actual, frozen.baseline,
            frozen.target, frozen.target_year, frozen.standing, frozen.distance,
            frozen.source.code if frozen.source else "", str(later.period or ""), later.actual,
            later.standing, later.revised,
        )  # fmt: skip


def _stated(inquiry: Inquiry) -> list[Trace]:
    """The figures that the reply of a document states."""
    if inquiry.document_id is None:
        return []
    stated = citations().filter(document=inquiry.document_id, series__isnull=False)
    return traces(stated.values_list("pk", flat=True))


def allowed(user: Reader, inquiry: Inquiry) -> Can:
    """What the user may do with the inquiry now. Drafts are read by those who answer, not by who asked."""
    if not isinstance(user, User) or not inquiry.is_registered:
        return Can(see_draft=inquiry.is_published)
    place = inquiry.territory, inquiry.organisation
    may_answer = may(user, Action.ANSWER_INQUIRY, *place)
    may_approve = may(user, Action.APPROVE_INQUIRY, *place)
    may_assign = may(user, Action.ASSIGN_INQUIRY, *place)
    is_drafted = inquiry.state == State.DRAFTED
    return Can(
        attach=inquiry.state not in CLOSED and may_attach(user, inquiry),
        assign=inquiry.state not in CLOSED and not is_drafted and may_assign,
        answer=inquiry.state in AT_WORK and may_answer,
        approve=may_approve and is_drafted,
        publish=may_approve and inquiry.state == State.APPROVED,
        see_draft=inquiry.is_published or may_answer or may_approve or may_assign,
    )
