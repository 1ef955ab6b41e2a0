"""For administrators: erasing what is personal of a user."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.decorators import UserRequest, action_required
from accounts.models import User
from accounts.permissions import Action, administers_everything
from portal.services.erasing import ErasureError, erase_user


@action_required(Action.ADMINISTER)
@never_cache
@require_http_methods(["GET", "POST"])
def user_erase(request: UserRequest, pk: int) -> HttpResponse:
    """Says what will go and what stays; asks for the reason and for the number, so that nobody slips."""
    if not administers_everything(request.user):
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    if user.is_superuser and not request.user.is_superuser:
        raise PermissionDenied
    if request.method == "POST" and _erased(request, user):
        return redirect("portal:user-erase", pk)
    context = {"person": user, "is_oneself": user == request.user, "reason": request.POST.get("reason", "")}
    return render(request, "portal/user_erase.html", context)


def _erased(request: UserRequest, user: User) -> bool:
    if request.POST.get("number", "").strip() != str(user.pk):
        messages.error(request, _("Type the number of the user, as it stands above, to confirm."))
        return False
    try:
        erase_user(user=user, by=request.user, reason=request.POST.get("reason", "")[:500])
    except ErasureError as error:
        texts = {
            "reason_required": _("Say why the data are erased."),
            "oneself": _("Another administrator must erase your data."),
            "erased_already": _("The data of this user were erased already."),
        }
        messages.error(request, texts[error.code])
        return False
    messages.success(request, _("Erased. The person can no longer log in."))
    return True
