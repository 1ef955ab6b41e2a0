"""Is the portal alive, and is it ready? Asked by `bin/up`, load balancers and Kubernetes."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.databases.circuits import circuit, is_away
from programmes.models import LoadedPackage, ProgressRun


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 once programmes are loaded and progress is computed, and a database answers; else 503.

    With the primary away a replica answers, and the portal is ready to be read.
    """
    checks = {"database": False, "programmes": False, "progress": False}
    try:
        checks["programmes"] = LoadedPackage.objects.exists()
        checks["progress"] = ProgressRun.objects.filter(state=ProgressRun.State.DONE).exists()
        checks["database"] = True
    except DatabaseError as error:
        if is_away(error):
            raise
    ready = all(checks.values())
    status = ("read-only" if circuit().is_open else "ready") if ready else "not ready"
    return JsonResponse({"status": status, **checks}, status=200 if ready else 503)
