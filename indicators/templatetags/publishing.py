"""Whether publishing is paused, for the pages on which people work towards it."""

from django import template

from indicators.services.pausing import current_pause

register = template.Library()


@register.inclusion_tag("indicators/publishing_paused.html")
def publishing_paused() -> dict[str, object]:
    """The banner; nothing while publishing is not paused. One query."""
    return {"pause": current_pause()}
