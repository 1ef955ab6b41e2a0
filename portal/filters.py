"""The filters of the catalogue of indicators."""

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from common.names import choices_of
from common.rest.filters import FilterSet
from indicators.fields import FREQUENCIES
from indicators.models import Indicator, Series, Source, Unit
from portal.models import SearchEntry
from portal.searching import MOST_LETTERS, find
from programmes.models import Kpi, Programme

ALL = _("all")
ANY, NONE = "any", "none"
WITH_FIGURES = Exists(Series.objects.filter(source=OuterRef("pk")))
IN_USE = Exists(Indicator.objects.filter(unit=OuterRef("pk")))
Indicators = QuerySet[Indicator]


class IndicatorSearch(FilterSet):
    """Indicators by words of their names and definitions, source, frequency, unit, and use by programmes."""

    q = django_filters.CharFilter(
        method="filter_words", max_length=MOST_LETTERS, label=_("Name or definition")
    )
    programme = django_filters.ChoiceFilter(
        method="filter_programme", empty_label=ALL, label=_("Used by"),
        choices=lambda: [
            (ANY, _("any programme")),
            *((each.code, each.short_name) for each in Programme.objects.all()),
            (NONE, _("no programme")),
        ],
    )  # fmt: skip
    source = django_filters.ChoiceFilter(
        method="filter_source", empty_label=ALL, label=_("Source"),
        choices=lambda: choices_of(Source.objects.filter(WITH_FIGURES)),
    )  # fmt: skip
    frequency = django_filters.ChoiceFilter(
        method="filter_frequency", choices=FREQUENCIES, empty_label=ALL, label=_("Figures for each")
    )
    unit = django_filters.ChoiceFilter(
        "unit__code", empty_label=ALL, label=_("Unit"),
        choices=lambda: choices_of(Unit.objects.filter(IN_USE)),
    )  # fmt: skip

    def filter_words(self, rows: Indicators, name: str, value: str) -> Indicators:
        """Those that the search finds by the text."""
        finding = find(value, SearchEntry.Kind.INDICATOR)
        return rows.filter(
            code__in=list(finding.entries.values_list("code", flat=True)) if finding.tally else []
        )

    def filter_programme(self, rows: Indicators, name: str, value: str) -> Indicators:
        """Those that a KPI of the programme measures by, or of any, or of none."""
        kpis = Kpi.objects.filter(indicator=OuterRef("pk"))
        if value == NONE:
            return rows.filter(~Exists(kpis))
        return rows.filter(Exists(kpis if value == ANY else kpis.filter(programme__code=value)))

    def filter_source(self, rows: Indicators, name: str, value: str) -> Indicators:
        """Those of which the source has figures."""
        return rows.filter(Exists(Series.objects.filter(indicator=OuterRef("pk"), source__code=value)))

    def filter_frequency(self, rows: Indicators, name: str, value: str) -> Indicators:
        """Those with figures of the frequency."""
        return rows.filter(Exists(Series.objects.filter(indicator=OuterRef("pk"), frequency=value)))
