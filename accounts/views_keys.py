"""A person's own API keys."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import UserRequest, action_required
from accounts.forms import KeyForm
from accounts.models import ApiKey
from accounts.permissions import Action
from accounts.services.keys import Scope, issue_key, revoke_key, scopes_for


@action_required(Action.HOLD_KEYS)
@never_cache
@require_http_methods(["GET", "POST"])
def key_list(request: UserRequest) -> HttpResponse:
    """The keys of the person; a new one is shown in the answer to its making, and never again."""
    scopes = scopes_for(request.user)
    form, text = KeyForm(scopes, request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["expires_on"]
        _key, text = issue_key(
            user=request.user,
            label=form.cleaned_data["label"],
            scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
            expires_at=_end_of(last_day) if last_day else None,
        )
        form = KeyForm(scopes)
    keys = ApiKey.objects.filter(user=request.user).order_by("-created_at")
    context = {"form": form, "keys": keys, "text": text, "now": timezone.now()}
    return render(request, "accounts/key_list.html", context)


@action_required(Action.HOLD_KEYS)
@require_POST
def key_revoke(request: UserRequest, pk: int) -> HttpResponse:
    """Closes one of the person's keys."""
    revoke_key(key=get_object_or_404(ApiKey, pk=pk, user=request.user))
    return redirect("accounts:key-list")


def _end_of(day: dt.date) -> dt.datetime:
    """The first moment after the day."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(midnight)
