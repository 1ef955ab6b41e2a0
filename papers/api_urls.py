"""The API's addresses of papers."""

from rest_framework.routers import SimpleRouter

from papers.api import PaperViewSet

router = SimpleRouter()
router.register("papers", PaperViewSet, "api-papers")
urlpatterns = router.urls
