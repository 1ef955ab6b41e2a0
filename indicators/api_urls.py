"""The API's addresses of statistics."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from indicators.api import IndicatorViewSet, ObservationViewSet, RevisionViewSet, SourceViewSet, UnitViewSet
from indicators.api_entries import EntryViewSet
from indicators.api_reports import ReportingFormViewSet, ReportViewSet
from indicators.api_sdmx import SdmxStructureView
from indicators.api_uploads import UploadViewSet

router = SimpleRouter()
router.register("entries", EntryViewSet, "api-entries")
router.register("indicators", IndicatorViewSet, "api-indicators")
router.register("observations", ObservationViewSet, "api-observations")
router.register("reporting-forms", ReportingFormViewSet, "api-reporting-forms")
router.register("reports", ReportViewSet, "api-reports")
router.register("revisions", RevisionViewSet, "api-revisions")
router.register("sources", SourceViewSet, "api-sources")
router.register("units", UnitViewSet, "api-units")
router.register("uploads", UploadViewSet, "api-uploads")
urlpatterns = [
    *router.urls,
    path("sdmx/structure/", SdmxStructureView.as_view(), name="api-sdmx-structure"),
]
