"""The API's addresses of territories."""

from rest_framework.routers import SimpleRouter

from cities.api import TerritoryGroupViewSet, TerritoryViewSet

router = SimpleRouter()
router.register("territories", TerritoryViewSet, "api-territories")
router.register("territory-groups", TerritoryGroupViewSet, "api-territory-groups")
urlpatterns = router.urls
