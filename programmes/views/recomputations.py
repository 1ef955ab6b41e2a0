"""For administrators: recomputations of everything, and the KPIs that could not be recomputed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action
from programmes.models import ProgressRun
from programmes.services.recomputing import failing, try_again, waiting
from programmes.services.running import RunInProgressError, cancel_run, start_run
from programmes.services.watching import watch
from programmes.tasks import send_drain, set_going

SHOWN = 20


@action_required(Action.ADMINISTER)
@require_safe
def recomputation_list(request: UserRequest) -> HttpResponse:
    """The latest recomputations, what waits, and what fails."""
    context = {
        "runs": [watch(run) for run in ProgressRun.objects.select_related("started_by")[:SHOWN]],
        "waiting": waiting().count(),
        "failing": failing().select_related("kpi__programme"),
    }
    return render(request, "programmes/recomputation_list.html", context)


@action_required(Action.ADMINISTER)
@require_POST
def recomputation_start(request: UserRequest) -> HttpResponse:
    """Begins to recompute everything."""
    try:
        run = start_run(request.user)
    except RunInProgressError:
        messages.info(request, _("Everything is being recomputed already."))
    else:
        set_going(run.pk)
    return redirect("programmes:recomputation-list")


@action_required(Action.ADMINISTER)
@require_safe
def recomputation_progress(request: UserRequest, pk: int) -> HttpResponse:
    """How far one has come; asks again by itself while it runs."""
    run = get_object_or_404(ProgressRun, pk=pk)
    return render(request, "programmes/recomputation.html", {"watched": watch(run)})


@action_required(Action.ADMINISTER)
@require_POST
def recomputation_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Stops one; what readers see stays as it was."""
    if not cancel_run(get_object_or_404(ProgressRun, pk=pk).pk):
        messages.info(request, _("This recomputation has ended already."))
    return redirect("programmes:recomputation-list")


@action_required(Action.ADMINISTER)
@require_POST
def recomputation_try_again(request: UserRequest) -> HttpResponse:
    """Tries the KPIs again that had failed too often."""
    try_again()
    send_drain()
    return redirect("programmes:recomputation-list")
