"""For administrators: how the portal itself is."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action, administers_everything
from indicators.services.pausing import PauseError, pause_publishing, resume_publishing
from portal.monitoring.findings import findings
from portal.monitoring.state import state_now


@action_required(Action.ADMINISTER)
@never_cache
@require_safe
def system_status(request: UserRequest) -> HttpResponse:
    """Servers, workers, jobs, what waits, and what to look at."""
    state = state_now()
    context = {
        "state": state,
        "findings": findings(state),
        "now": timezone.now(),
        "pause": state.pause,
        "may_pause": administers_everything(request.user),
    }
    return render(request, "portal/system_status.html", context)


@action_required(Action.ADMINISTER)
@require_POST
def publishing_pause(request: UserRequest) -> HttpResponse:
    """Pauses all publishing, for the reason that is given."""
    if not administers_everything(request.user):
        raise PermissionDenied
    try:
        pause_publishing(by=request.user, reason=request.POST.get("reason", "")[:500])
    except PauseError as error:
        texts = {
            "reason_required": _("Say why publishing is paused: analysts will read it."),
            "already_paused": _("Publishing is paused already."),
        }
        messages.error(request, texts[error.code])
    else:
        messages.success(request, _("Publishing is paused."))
    return redirect("portal:system-status")


@action_required(Action.ADMINISTER)
@require_POST
def publishing_resume(request: UserRequest) -> HttpResponse:
    """Ends the pause; what waits is published."""
    if not administers_everything(request.user):
        raise PermissionDenied
    try:
        resume_publishing(by=request.user)
    except PauseError:
        messages.info(request, _("Publishing was not paused."))
    else:
        messages.success(request, _("The pause is over. What waited is published within seconds."))
    return redirect("portal:system-status")
