"""Is the portal alive, and is it ready? Asked by `bin/up`, load balancers and Kubernetes."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from programmes.models import LoadedPackage, ProgressRun


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 once programmes are loaded and progress is computed, and the database answers; else 503."""
    checks = {"database": False, "programmes": False, "progress": False}
    try:
        checks["programmes"] = LoadedPackage.objects.exists()
        checks["progress"] = ProgressRun.objects.filter(state=ProgressRun.State.DONE).exists()
        checks["database"] = True
    except DatabaseError:
        pass
    ready = all(checks.values())
    return JsonResponse({"status": "ready" if ready else "not ready", **checks}, status=200 if ready else 503)
