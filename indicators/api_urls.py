"""The API's addresses of statistics."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from indicators.api import IndicatorViewSet, ObservationViewSet, RevisionViewSet, SourceViewSet, UnitViewSet
from indicators.api_sdmx import SdmxStructureView
from indicators.api_uploads import UploadViewSet

router = SimpleRouter()
router.register("indicators", IndicatorViewSet, "api-indicators")
router.register("observations", ObservationViewSet, "api-observations")
router.register("revisions", RevisionViewSet, "api-revisions")
router.register("sources", SourceViewSet, "api-sources")
router.register("units", UnitViewSet, "api-units")
router.register("uploads", UploadViewSet, "api-uploads")
urlpatterns = [
    *router.urls,
    path("sdmx/structure/", SdmxStructureView.as_view(), name="api-sdmx-structure"),
]
