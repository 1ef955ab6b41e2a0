"""Programmes, goals, KPIs and targets in the API; programmes/api_progress.py shows how far they are kept."""

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any, ClassVar

from django.db.models import Q
from rest_framework import serializers

from cities.api import TerritoryViewSet
from common.rest.fields import CodeOr, Composed, ExactNumber, PublishedSerializer, Reference, Text, Texts
from common.rest.views import ColumnViewSet, PublishedViewSet
from indicators.api import IndicatorViewSet, SourceViewSet
from indicators.api_fields import BreakdownCode, PeriodCode
from indicators.fields import FREQUENCIES
from indicators.periods import Period
from programmes.filters import GoalFilterSet, KpiFilterSet, ProgrammeFilterSet, TargetFilterSet
from programmes.models import Goal, Kpi, Programme, Qualifier, Target

NO_ACT = "_"
"""The place of the act in the id of a target that names none; no act's code contains an underscore."""


def split_id(text: str) -> tuple[str, str]:
    """Programme and code of a goal's or KPI's id; `ValueError` where it is none."""
    programme, code = text.split(":", 1)
    return programme, code


class ProgrammeSerializer(PublishedSerializer[Programme]):
    """A development programme or strategy."""

    name = Text("name")
    names = Texts("name")
    short_name = Text("short_name")
    short_names = Texts("short_name")
    summary = Text("summary")
    summaries = Texts("summary")
    owner = Text("owner")
    owners = Texts("owner")
    note = Text("note")
    notes = Texts("note")
    territory = Reference("territory.code", expands=TerritoryViewSet)
    group = Reference("group.code", allow_null=True)

    class Meta:
        model = Programme
        fields: ClassVar = [
            "code", "name", "names", "short_name", "short_names", "summary", "summaries", "owner", "owners",
            "territory", "group", "starts_on", "ends_on", "on_track_from", "at_risk_from",
            "stated_indicators", "note", "notes",
        ]  # fmt: skip


class ProgrammeViewSet(ColumnViewSet[Programme]):
    """Programmes and strategies: a territory, or each territory of a group, with a beginning and an end.

    `on_track_from` and `at_risk_from` are the paces from which a KPI counts as on track and at risk.
    """

    queryset = Programme.objects.all()
    serializer_class = ProgrammeSerializer
    filterset_class = ProgrammeFilterSet


class GoalSerializer(PublishedSerializer[Goal]):
    """A goal of a programme."""

    id = Composed("programme__code", "code")
    programme = Reference("programme.code", expands=ProgrammeViewSet)
    name = Text("name")
    names = Texts("name")
    parent = Composed("programme__code", "parent__code", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Goal
        fields: ClassVar = ["id", "programme", "code", "name", "names", "kind", "number", "order", "parent"]


class OfProgramme(PublishedViewSet[Any]):
    """Things whose codes are unique within their programme."""

    lookup_url_kwarg = "id"
    keyset = ("programme_id", "code")

    def key_of(self, text: str) -> dict[str, object]:
        """Programme and code."""
        programme, code = split_id(text)
        return {"programme__code": programme, "code": code}

    @classmethod
    def any_of(cls, codes: Collection[str]) -> Q:
        """Those of any of the ids."""
        wanted = Q(pk__in=())
        for programme, ids in groupby(sorted(codes), lambda text: split_id(text)[0]):
            wanted |= Q(programme__code=programme, code__in=[split_id(text)[1] for text in ids])
        return wanted


class GoalViewSet(OfProgramme, ColumnViewSet[Goal]):
    """The tree of goals, sections, directions and tasks that a programme's KPIs hang on."""

    queryset = Goal.objects.all()
    serializer_class = GoalSerializer
    filterset_class = GoalFilterSet
    id_format = "`<programme>:<code>`, for instance `almaty-2025:1.3`."


class KpiSerializer(PublishedSerializer[Kpi]):
    """A measurable promise."""

    id = Composed("programme__code", "code")
    programme = Reference("programme.code", expands=ProgrammeViewSet)
    goal = Composed("programme__code", "goal__code", allow_null=True, expands=GoalViewSet)
    name = Text("name")
    names = Texts("name")
    indicator = Reference("indicator.code", expands=IndicatorViewSet)
    breakdown = BreakdownCode("breakdown__code")
    territory = Reference("territory.code", allow_null=True, expands=TerritoryViewSet)
    group = Reference("group.code", allow_null=True)
    baseline_period = PeriodCode("baseline_frequency", "baseline_start", allow_null=True)
    baseline_note = Text("baseline_note")
    baseline_notes = Texts("baseline_note")
    together_with = Composed("programme__code", "together_with__code", allow_null=True)
    preferred_source = Reference("preferred_source.code", allow_null=True, expands=SourceViewSet)
    note = Text("note")
    notes = Texts("note")

    class Meta:
        model = Kpi
        fields: ClassVar = [
            "id", "programme", "goal", "code", "order", "name", "names", "indicator", "breakdown",
            "territory", "group", "comparator", "form", "accumulation", "path", "baseline_value",
            "baseline_period", "baseline_basis", "baseline_note", "baseline_notes", "together_with",
            "is_headline", "weight", "preferred_source", "tolerance_months", "note", "notes",
        ]  # fmt: skip


class KpiViewSet(OfProgramme, ColumnViewSet[Kpi]):
    """KPIs: a programme's use of an indicator, for one territory or for each territory of a group.

    `comparator` says how an actual is judged against a target, `form` how targets are expressed.
    """

    queryset = Kpi.objects.all()
    serializer_class = KpiSerializer
    filterset_class = KpiFilterSet
    orderings: ClassVar = {"order": "order", "weight": "weight"}
    id_format = "`<programme>:<code>`, for instance `almaty-2025:KPI-7`."


class TargetSerializer(serializers.Serializer[Mapping[str, Any]]):
    """What a KPI must reach in a period."""

    id = Composed(
        "kpi__programme__code",
        "kpi__code",
        PeriodCode("frequency", "period_start"),
        CodeOr("act__code", NO_ACT),
    )
    programme = Reference("kpi.programme.code", expands=ProgrammeViewSet)
    kpi = Composed("kpi__programme__code", "kpi__code", help_text="The KPI's id.", expands=KpiViewSet)
    frequency = serializers.ChoiceField(FREQUENCIES)
    period = PeriodCode("frequency", "period_start")
    value = ExactNumber(help_text="As the KPI's `form` expresses it, digit for digit.")
    value_max = ExactNumber(allow_null=True, help_text="The upper end of a range.")
    qualifier = serializers.ChoiceField(Qualifier.choices)
    act = Reference("act.code", allow_null=True, help_text="The code of the legal act that set it.")
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    is_additional = serializers.BooleanField(help_text="Whether it counts on top of the target before.")
    is_date_implied = serializers.BooleanField(help_text="Whether the document prints no date of its own.")
    note = Text("note")
    notes = Texts("note")


class TargetViewSet(ColumnViewSet[Target]):
    """Targets as legal acts set them: an amended target stays beside the one that replaced it."""

    queryset = Target.objects.all()
    serializer_class = TargetSerializer  # type: ignore[assignment]
    filterset_class = TargetFilterSet
    orderings: ClassVar = {"period": "period_start", "value": "value"}
    lookup_url_kwarg = "id"
    keyset = ("pk",)
    id_format = (
        "`<kpi>:<period>:<act>`, for instance `almaty-2025:KPI-7:2025:adoption`; `_` where no act is named."
    )

    def key_of(self, text: str) -> dict[str, object]:
        """KPI, period and act."""
        kpi, written, act = text.rsplit(":", 2)
        programme, code = split_id(kpi)
        period = Period.parse(written)
        return {
            "kpi__programme__code": programme,
            "kpi__code": code,
            "frequency": period.frequency.value,
            "period_start": period.start,
            "act__code": None if act == NO_ACT else act,
        }
