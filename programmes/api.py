"""Programmes, goals, KPIs and targets in the API; programmes/api_progress.py shows how far they are kept."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from common.names import LANGUAGES, language
from common.rest.fields import ExactNumber, PublishedSerializer, Reference, Texts
from common.rest.views import FactViewSet, PublishedViewSet
from indicators.fields import FREQUENCIES
from indicators.filters import TOTAL
from indicators.periods import Period, period_code
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

    name = serializers.CharField()
    names = Texts("name")
    short_name = serializers.CharField()
    short_names = Texts("short_name")
    summary = serializers.CharField()
    summaries = Texts("summary")
    owner = serializers.CharField()
    owners = Texts("owner")
    note = serializers.CharField()
    notes = Texts("note")
    territory = Reference("territory.code")
    group = Reference("group.code", allow_null=True)

    class Meta:
        model = Programme
        fields: ClassVar = [
            "code", "name", "names", "short_name", "short_names", "summary", "summaries", "owner", "owners",
            "territory", "group", "starts_on", "ends_on", "on_track_from", "at_risk_from",
            "stated_indicators", "note", "notes",
        ]  # fmt: skip


class ProgrammeViewSet(PublishedViewSet[Programme]):
    """Programmes and strategies: a territory, or each territory of a group, with a beginning and an end.

    `on_track_from` and `at_risk_from` are the paces from which a KPI counts as on track and at risk.
    """

    queryset = Programme.objects.select_related("territory", "group")
    serializer_class = ProgrammeSerializer
    filterset_class = ProgrammeFilterSet


class GoalSerializer(PublishedSerializer[Goal]):
    """A goal of a programme."""

    id = serializers.SerializerMethodField()
    programme = Reference("programme.code")
    name = serializers.CharField()
    names = Texts("name")
    parent = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta:
        model = Goal
        fields: ClassVar = ["id", "programme", "code", "name", "names", "kind", "number", "order", "parent"]

    def get_id(self, goal: Goal) -> str:
        """Programme and code."""
        return f"{goal.programme.code}:{goal.code}"

    def get_parent(self, goal: Goal) -> str | None:
        """The id of the goal that it is part of."""
        return f"{goal.programme.code}:{goal.parent.code}" if goal.parent else None


class OfProgramme(PublishedViewSet[Any]):
    """Things whose codes are unique within their programme."""

    lookup_url_kwarg = "id"
    keyset = ("programme_id", "code")

    def key_of(self, text: str) -> dict[str, object]:
        """Programme and code."""
        programme, code = split_id(text)
        return {"programme__code": programme, "code": code}


class GoalViewSet(OfProgramme):
    """The tree of goals, sections, directions and tasks that a programme's KPIs hang on."""

    queryset = Goal.objects.select_related("programme", "parent")
    serializer_class = GoalSerializer
    filterset_class = GoalFilterSet
    id_format = "`<programme>:<code>`, for instance `almaty-2025:1.3`."


class KpiSerializer(PublishedSerializer[Kpi]):
    """A measurable promise."""

    id = serializers.SerializerMethodField()
    programme = Reference("programme.code")
    goal = serializers.SerializerMethodField()
    name = serializers.CharField()
    names = Texts("name")
    indicator = Reference("indicator.code")
    breakdown = serializers.SerializerMethodField()
    territory = Reference("territory.code", allow_null=True)
    group = Reference("group.code", allow_null=True)
    baseline_period = serializers.CharField(allow_null=True)
    baseline_note = serializers.CharField()
    baseline_notes = Texts("baseline_note")
    together_with = serializers.SerializerMethodField()
    preferred_source = Reference("preferred_source.code", allow_null=True)
    note = serializers.CharField()
    notes = Texts("note")

    class Meta:
        model = Kpi
        fields: ClassVar = [
            "id", "programme", "goal", "code", "order", "name", "names", "indicator", "breakdown",
            "territory", "group", "comparator", "form", "accumulation", "path", "baseline_value",
            "baseline_period", "baseline_basis", "baseline_note", "baseline_notes", "together_with",
            "is_headline", "weight", "preferred_source", "tolerance_months", "note", "notes",
        ]  # fmt: skip

    def get_id(self, kpi: Kpi) -> str:
        """Programme and code."""
        return f"{kpi.programme.code}:{kpi.code}"

    def get_goal(self, kpi: Kpi) -> str | None:
        """The id of the goal that it serves."""
        return f"{kpi.programme.code}:{kpi.goal.code}" if kpi.goal else None

    def get_together_with(self, kpi: Kpi) -> str | None:
        """The id of the KPI that this one is only kept together with."""
        return f"{kpi.programme.code}:{kpi.together_with.code}" if kpi.together_with else None

    def get_breakdown(self, kpi: Kpi) -> str:
        """The breakdown's code, `_T` for the total."""
        return kpi.breakdown.code or TOTAL


class KpiViewSet(OfProgramme):
    """KPIs: a programme's use of an indicator, for one territory or for each territory of a group.

    `comparator` says how an actual is judged against a target, `form` how targets are expressed.
    """

    queryset = Kpi.objects.select_related(
        "programme",
        "goal",
        "indicator",
        "breakdown",
        "territory",
        "group",
        "preferred_source",
        "together_with",
    )
    serializer_class = KpiSerializer
    filterset_class = KpiFilterSet
    id_format = "`<programme>:<code>`, for instance `almaty-2025:KPI-7`."


class TargetSerializer(serializers.Serializer[Mapping[str, Any]]):
    """What a KPI must reach in a period."""

    id = serializers.CharField()
    programme = serializers.CharField()
    kpi = serializers.CharField(help_text="The KPI's id.")
    frequency = serializers.ChoiceField(FREQUENCIES)
    period = serializers.CharField(help_text="`2024`, `2024-S1`, `2024-Q3` or `2024-05`.")
    value = ExactNumber(help_text="As the KPI's `form` expresses it, digit for digit.")
    value_max = ExactNumber(allow_null=True, help_text="The upper end of a range.")
    qualifier = serializers.ChoiceField(Qualifier.choices)
    act = serializers.CharField(allow_null=True, help_text="The code of the legal act that set it.")
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    is_additional = serializers.BooleanField(help_text="Whether it counts on top of the target before.")
    is_date_implied = serializers.BooleanField(help_text="Whether the document prints no date of its own.")
    note = serializers.CharField()
    notes = Texts("note")


class TargetViewSet(FactViewSet[Target]):
    """Targets as legal acts set them: an amended target stays beside the one that replaced it."""

    queryset = Target.objects.all()
    serializer_class = TargetSerializer  # type: ignore[assignment]
    filterset_class = TargetFilterSet
    keyset = ("pk",)
    id_format = (
        "`<kpi>:<period>:<act>`, for instance `almaty-2025:KPI-7:2025:adoption`; `_` where no act is named."
    )
    columns: ClassVar = {
        "programme": "kpi__programme__code",
        "kpi": "kpi__code",
        "frequency": "frequency",
        "period": "period_start",
        "value": "value",
        "value_max": "value_max",
        "qualifier": "qualifier",
        "act": "act__code",
        "valid_from": "valid_from",
        "valid_to": "valid_to",
        "is_additional": "is_additional",
        "is_date_implied": "is_date_implied",
        **{f"note_{code}": f"note_{code}" for code in LANGUAGES},
    }

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

    def finish(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with ids, and the period as text."""
        row["kpi"] = f"{row['programme']}:{row['kpi']}"
        row["period"] = period_code(row["frequency"], row["period"])
        notes = {code: row.pop(f"note_{code}") for code in LANGUAGES}
        row |= {"note": notes[language()], "notes": notes}
        return {"id": f"{row['kpi']}:{row['period']}:{row['act'] or NO_ACT}", **row}
