"""The door: the bare address leads to the reader's language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import check_for_language, override

from accounts.models import User


def front_door(request: HttpRequest) -> HttpResponse:
    """Redirects to the home page in the remembered language: the cookie's, the user's own, else Kazakh.

    The browser's list of languages is not asked: most devices here are set up in Russian or English, and
    the state's language comes first unless a reader has chosen another (docs/decisions/0005-languages.md).
    """
    own = request.user.language if isinstance(request.user, User) else ""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "") or own
    known = chosen in dict(settings.LANGUAGES) and check_for_language(chosen)
    with override(chosen if known else settings.LANGUAGE_CODE):
        response = HttpResponseRedirect(reverse("home"))
    response["Vary"] = "Cookie"
    return response
