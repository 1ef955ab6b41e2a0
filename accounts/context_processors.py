"""What every page knows about its reader."""

from django.http import HttpRequest

from accounts.permissions import actions_of


def permissions(request: HttpRequest) -> dict[str, object]:
    """`can.upload`, `can.approve` …: what the reader may do somewhere, for the navigation."""
    user = getattr(request, "user", None)
    return {"can": {action.value: True for action in actions_of(user)} if user is not None else {}}
