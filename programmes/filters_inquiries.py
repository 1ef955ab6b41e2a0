"""The filters of the list of inquiries: one choice each, and words of number, topic and points."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.names import LANGUAGES, choices_of
from common.rest.filters import FilterSet
from programmes.filters_evidence import ALL, LONGEST_SEARCH
from programmes.models import FrozenFigure, Inquiry, Programme, Question
from programmes.models.inquiries import InquiryQuerySet

OWN_WORDS = (
    "number",
    *(f"{name}_{code}" for name in ("topic", "addressees", "outcome") for code in LANGUAGES),
)
POINT_WORDS = tuple(f"text_{code}" for code in LANGUAGES)
Inquiries = QuerySet[Inquiry]


def territories_asked_about() -> list[tuple[str, str]]:
    """The places that inquiries concern, by name."""
    return choices_of(Territory.objects.filter(inquiries__isnull=False).distinct())


def with_word(rows: Inquiries, word: str) -> Inquiries:
    """Those in which the word stands: in number, topic, addressees, outcome or a point, in whichever case."""
    own, of_point = Q(), Q()
    for name in OWN_WORDS:
        own |= Q(**{f"{name}__icontains": word})
    for name in POINT_WORDS:
        of_point |= Q(**{f"{name}__icontains": word})
    return rows.filter(own | Q(pk__in=Question.objects.filter(of_point).values("inquiry")))


class InquirySearch(FilterSet):
    """Inquiries by state, programme, territory, whether they are late, and words."""

    q = django_filters.CharFilter(
        method="filter_words", max_length=LONGEST_SEARCH, label=_("Number or words of it")
    )
    state = django_filters.ChoiceFilter(choices=Inquiry.State.choices, empty_label=ALL, label=_("State"))
    programme = django_filters.ChoiceFilter(
        method="filter_programme", empty_label=ALL, label=_("Programme"),
        choices=lambda: [(each.code, each.short_name) for each in Programme.objects.all()],
    )  # fmt: skip
    territory = django_filters.ChoiceFilter(
        method="filter_territory", empty_label=ALL, label=_("Territory"), choices=territories_asked_about
    )
    overdue = django_filters.ChoiceFilter(
        method="filter_overdue", empty_label=ALL, label=_("Reply"), choices=[("1", _("overdue"))],
        widget=forms.Select,
    )  # fmt: skip

    def filter_words(self, rows: Inquiries, name: str, value: str) -> Inquiries:
        """Those with every word."""
        for word in value.split():
            rows = with_word(rows, word)
        return rows

    def filter_programme(self, rows: Inquiries, name: str, value: str) -> Inquiries:
        """Those about the programme, or with a figure of one of its KPIs."""
        frozen = FrozenFigure.objects.filter(kpi__programme__code=value).values("inquiry")
        return rows.filter(Q(programme__code=value) | Q(pk__in=frozen))

    def filter_territory(self, rows: Inquiries, name: str, value: str) -> Inquiries:
        """Those that concern the territory."""
        return rows.filter(pk__in=Inquiry.objects.filter(territories__code=value).values("pk"))

    def filter_overdue(self, rows: InquiryQuerySet, name: str, value: str) -> Inquiries:
        """Those whose reply is late."""
        return rows.overdue(timezone.localdate())
