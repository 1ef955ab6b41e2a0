"""What the frame of every page needs: the same page in another language, and the reader's roles."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts.permissions import Reader, mandates_of

register = template.Library()


@register.simple_tag
def languages(request: HttpRequest) -> list[dict[str, object]]:
    """The portal's languages by their own names, each with the address that leads to this page in it."""
    page = urlencode({"next": request.get_full_path() if request.method == "GET" else request.path})
    return [
        {
            "code": code,
            "name": name,
            "url": f"{reverse('choose-language', args=[code])}?{page}",
            "is_current": code == get_language(),
        }
        for code, name in settings.LANGUAGES
    ]


@register.simple_tag
def roles(user: Reader) -> list[str]:
    """The names of the user's present roles, each once."""
    mandates = mandates_of(user).order_by("role")
    return list(dict.fromkeys(mandate.get_role_display() for mandate in mandates))
