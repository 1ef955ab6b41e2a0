"""How long ago, and what a job does: for the page about the portal itself."""

import datetime as dt

from django import template
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.monitoring.schedule import job_label

register = template.Library()
register.filter("job_label", job_label)


@register.filter
def ago(moment: dt.datetime | None) -> str:
    """How long ago, below two days; then the day. "not yet" without a moment."""
    if moment is None:
        return _("not yet")
    seconds = (timezone.now() - moment).total_seconds()
    if seconds < 90:
        return _("%(count)s s ago") % {"count": max(0, round(seconds))}
    if seconds < 90 * 60:
        return _("%(count)s min ago") % {"count": round(seconds / 60)}
    if seconds < 48 * 3600:
        return _("%(count)s h ago") % {"count": round(seconds / 3600)}
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


@register.filter
def seconds(value: float | None) -> str:
    """Milliseconds, seconds, minutes or hours, rounded; nothing for None."""
    if value is None:
        return ""
    if value < 1:
        return _("%(count)s ms") % {"count": round(value * 1000)}
    if value < 90:
        return _("%(seconds)s s") % {"seconds": floatformat(value, 1 if value < 10 else 0)}
    if value < 90 * 60:
        return _("%(count)s min") % {"count": round(value / 60)}
    return _("%(count)s h") % {"count": round(value / 3600)}


@register.filter
def since_epoch(value: float | None) -> dt.datetime | None:
    """The moment of so many seconds since 1970."""
    return dt.datetime.fromtimestamp(value, dt.UTC) if value else None
