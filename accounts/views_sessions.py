"""Where somebody is logged in: allauth lists it, and here a single log-in is ended."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST


@login_required
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one of the person's log-ins; the present one by logging out."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    end_sessions(request, [session])
    return redirect("usersessions_list")
