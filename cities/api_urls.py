"""The API's addresses of territories."""

from rest_framework.routers import SimpleRouter

from cities.api import TerritoryViewSet

router = SimpleRouter()
router.register("territories", TerritoryViewSet, "api-territories")
urlpatterns = router.urls
