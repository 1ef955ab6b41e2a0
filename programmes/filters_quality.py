"""The filters of findings of data quality, for the page and for the API."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.names import choices_of
from common.rest.filters import ChoiceFilter, FilterSet
from indicators.filters import indicator_filter, territory_filter
from programmes.filters import kpi_filter, programme_filter
from programmes.filters_evidence import ALL
from programmes.labels_quality import CHECKS
from programmes.models import Programme, QualityFinding
from programmes.models.quality import QualityFindingQuerySet

NO_PROGRAMME = "none"
STATES = QualityFinding.State.choices
Findings = QuerySet[QualityFinding]


def in_state(rows: QualityFindingQuerySet, state: str) -> Findings:
    """The findings in the state."""
    words = {"open": rows.open, "acknowledged": rows.acknowledged, "gone": rows.gone}
    return words[state]()


def territories_found() -> list[tuple[str, str]]:
    """The places of which something was found, by name."""
    return choices_of(Territory.objects.filter(quality_findings__isnull=False).distinct())


class QualitySearch(FilterSet):
    """Findings by programme, territory, check and state, one choice each; without a state those found now."""

    programme = django_filters.ChoiceFilter(
        method="filter_programme", empty_label=ALL, label=_("Programme"),
        choices=lambda: [
            *((each.code, each.short_name) for each in Programme.objects.all()),
            (NO_PROGRAMME, _("statistics that no programme uses")),
        ],
    )  # fmt: skip
    territory = django_filters.ChoiceFilter(
        "territory__code", empty_label=ALL, label=_("Territory"), choices=territories_found
    )
    rule = django_filters.ChoiceFilter(choices=CHECKS, empty_label=ALL, label=_("Kind of check"))
    state = django_filters.ChoiceFilter(
        method="filter_state", choices=STATES, empty_label=_("open and acknowledged"), label=_("State")
    )

    def filter_programme(self, rows: Findings, name: str, value: str) -> Findings:
        """Those that concern a KPI of the programme, or none of any."""
        if value == NO_PROGRAMME:
            return rows.filter(kpis=None)
        return rows.filter(pk__in=QualityFinding.objects.filter(kpis__programme__code=value).values("pk"))

    def filter_state(self, rows: QualityFindingQuerySet, name: str, value: str) -> Findings:
        """Those in the state."""
        return in_state(rows, value)

    def filter_queryset(self, queryset: QualityFindingQuerySet) -> Findings:
        """The rows asked for; what is no longer found only on request."""
        rows: Findings = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["state"] else rows.filter(gone_at=None)


class QualityFilterSet(FilterSet):
    """Findings by programme, KPI, territory, indicator, check and state."""

    programme = programme_filter("kpis__programme")
    kpi = kpi_filter("kpis")
    territory = territory_filter()
    indicator = indicator_filter("series__indicator")
    rule = ChoiceFilter(choices=CHECKS)
    state = ChoiceFilter(choices=STATES, method="filter_state")

    def filter_state(self, rows: QualityFindingQuerySet, name: str, value: list[str]) -> Findings:
        """Those in any of the states."""
        wanted = rows.none()
        for state in value:
            wanted = wanted | in_state(rows, state)
        return wanted if value else rows
