"""Guards for pages: the decision itself stands in `accounts.permissions`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User
from accounts.permissions import Action, may

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class UserRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User


UserView = Callable[Concatenate[UserRequest, P], HttpResponseBase]


def action_required(action: Action) -> Callable[[UserView[P]], View[P]]:
    """Lets in who may take the action somewhere; strangers are asked to log in, others are refused."""

    def decorate(view: UserView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request.user, action):
                raise PermissionDenied
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        return guarded

    return decorate
