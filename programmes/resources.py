"""Programmes, KPIs and targets as tables. KPIs, goals and acts have codes that are unique in a programme."""

from typing import Any

from django.utils.translation import gettext as _
from import_export.fields import Field

from common.exchange import CatalogueResource, CodeWidget, Row, ScopeField
from indicators.models import Breakdown
from indicators.period_input import PeriodField
from programmes.models import Goal, Kpi, LegalAct, Programme, Target


class ProgrammeResource(CatalogueResource):
    """One programme a row."""

    class Meta:
        model = Programme
        import_id_fields = ("code",)
        fields = (
            "code", "name_kk", "name_ru", "name_en", "short_name_kk", "short_name_ru", "short_name_en",
            "summary_kk", "summary_ru", "summary_en", "owner_kk", "owner_ru", "owner_en", "organisation",
            "territory", "group", "starts_on", "ends_on", "on_track_from", "at_risk_from",
            "stated_indicators", "note_kk", "note_ru", "note_en",
        )  # fmt: skip


class KpiResource(CatalogueResource):
    """One KPI a row."""

    goal = Field("goal", "goal", CodeWidget(Goal, within="programme"))
    breakdown = Field("breakdown", "breakdown", CodeWidget(Breakdown, empty_is_a_code=True))
    baseline_period = PeriodField("baseline_period", frequency="baseline_frequency", start="baseline_start")

    class Meta:
        model = Kpi
        import_id_fields = ("programme", "code")
        fields = (
            "programme", "code", "goal", "order", "name_kk", "name_ru", "name_en", "indicator", "breakdown",
            "territory", "group", "comparator", "form", "accumulation", "path", "baseline_period",
            "baseline_value", "baseline_basis", "is_headline", "weight", "preferred_source",
            "tolerance_months", "note_kk", "note_ru", "note_en",
        )  # fmt: skip


class TargetResource(CatalogueResource):
    """One target a row: what a KPI must reach in a period, as an act set it."""

    programme = ScopeField("kpi__programme", "programme", CodeWidget(Programme))
    kpi = Field("kpi", "kpi", CodeWidget(Kpi, within="programme"))
    period = PeriodField("period")
    act = Field("act", "act", CodeWidget(LegalAct, within="programme"))

    class Meta:
        model = Target
        import_id_fields = ("programme", "kpi", "period", "act")
        fields = (
            "programme", "kpi", "period", "act", "value", "value_max", "qualifier", "is_additional",
            "is_date_implied", "valid_from", "valid_to", "note_kk", "note_ru", "note_en",
        )  # fmt: skip

    def key_of(self, row: Row) -> dict[str, Any]:
        """By KPI, period and act."""
        period = self.fields["period"].clean(row)
        if period is None:
            raise ValueError(_("A target has a period."))
        return {
            "kpi": self.fields["kpi"].clean(row),
            "act": self.fields["act"].clean(row),
            "frequency": period.frequency.value,
            "period_start": period.start,
        }
