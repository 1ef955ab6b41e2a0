"""What is due of the reader."""

from django import template
from django.utils import timezone

from accounts.models import User
from indicators.reported import Task, tasks_of

register = template.Library()


@register.simple_tag
def tasks(user: User) -> list[Task]:
    """What he has failed to report within a year and what is due within the next, by day."""
    return tasks_of(user, timezone.localdate())
