"""How many notices the reader has not read, for the frame of every page."""

from django import template

from accounts.models import User
from indicators.models import Notice

register = template.Library()


@register.simple_tag
def unread_notices(user: User) -> int:
    """Counted in one query."""
    return Notice.objects.shown_to(user).unread().count()
