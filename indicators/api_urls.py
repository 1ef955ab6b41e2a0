"""The API's addresses of statistics."""

from rest_framework.routers import SimpleRouter

from indicators.api import IndicatorViewSet, ObservationViewSet, SourceViewSet, UnitViewSet

router = SimpleRouter()
router.register("indicators", IndicatorViewSet, "api-indicators")
router.register("observations", ObservationViewSet, "api-observations")
router.register("sources", SourceViewSet, "api-sources")
router.register("units", UnitViewSet, "api-units")
urlpatterns = router.urls
