"""What the first request of a process would wait for, done before there are processes to wait."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from portal.caching import release


def warm_up() -> None:
    """Loads all views, their addresses and texts in every language, and the mark of the code.

    gunicorn loads the application once and its workers share what is loaded. Without this each of them, also
    one that takes the place of another at work, let its first readers wait for more than a second. No
    connection is opened: workers must not share one.
    """
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            reverse("home")
    release()
