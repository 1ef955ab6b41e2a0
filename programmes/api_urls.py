"""The API's addresses of programmes and of progress."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from programmes.api import GoalViewSet, KpiViewSet, ProgrammeViewSet, TargetViewSet
from programmes.api_evidence import DiscrepancyViewSet, ProvenanceViewSet
from programmes.api_inquiries import InquiryViewSet
from programmes.api_jobs import RecomputationViewSet
from programmes.api_methods import MethodologyCheckViewSet
from programmes.api_plans import BenchmarkViewSet, FundingViewSet, LegalActViewSet, MeasureViewSet
from programmes.api_progress import ProgressViewSet, StandingViewSet
from programmes.api_quality import QualityFindingViewSet

router = SimpleRouter()
router.register("programmes", ProgrammeViewSet, "api-programmes")
router.register("goals", GoalViewSet, "api-goals")
router.register("kpis", KpiViewSet, "api-kpis")
router.register("targets", TargetViewSet, "api-targets")
router.register("legal-acts", LegalActViewSet, "api-legal-acts")
router.register("measures", MeasureViewSet, "api-measures")
router.register("funding", FundingViewSet, "api-funding")
router.register("benchmarks", BenchmarkViewSet, "api-benchmarks")
router.register("inquiries", InquiryViewSet, "api-inquiries")
router.register("progress", ProgressViewSet, "api-progress")
router.register("standings", StandingViewSet, "api-standings")
router.register("recomputations", RecomputationViewSet, "api-recomputations")
router.register("discrepancies", DiscrepancyViewSet, "api-discrepancies")
router.register("methodology-checks", MethodologyCheckViewSet, "api-methodology-checks")
router.register("quality-findings", QualityFindingViewSet, "api-quality-findings")
urlpatterns = [
    *router.urls,
    path("provenance/", ProvenanceViewSet.as_view({"get": "list"}), name="api-provenance-list"),
]
