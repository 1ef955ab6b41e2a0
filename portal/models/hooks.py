"""Addresses of machines to which the portal sends word of what has changed, and what was sent."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator
from programmes.models import Programme


def new_salt() -> str:
    """What a hook's secret is derived from, together with the portal's own."""
    return secrets.token_hex(16)


class Event(models.TextChoices):
    """What a hook can be told of."""

    PUBLISHED = "figures.published", _("figures were published")
    REVISED = "figures.revised", _("published figures were revised")
    PROGRESS = "progress.changed", _("a KPI stands otherwise than before")


TEST = "test"
"""What is sent to try a hook; nobody subscribes to it."""


class Hook(models.Model):
    """A machine's address, and of what it wants to hear: some events, of everything or of one indicator or
    programme. It hears in the order of what happened; after a failure all waits until `next_at`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    url = models.URLField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=32, choices=Event), verbose_name=_("events"))
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, related_name="+", verbose_name=_("indicator")
    )
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, related_name="+", verbose_name=_("programme")
    )
    salt = models.CharField(_("salt of the secret"), max_length=32, default=new_salt, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    next_at = models.DateTimeField(_("not before"), db_default=Now())
    disabled_at = models.DateTimeField(_("disabled at"), null=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(
                name="hook_events_are_known",
                condition=Q(events__contained_by=list(Event.values)) & Q(events__len__gt=0),
            ),
            models.CheckConstraint(
                name="hook_is_of_one_thing", condition=Q(indicator=None) | Q(programme=None)
            ),
            models.CheckConstraint(
                name="hook_fails_since_its_first_failure",
                condition=Q(failures=0, failing_since=None) | Q(failures__gt=0, failing_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def event_labels(self) -> list[Any]:
        """The events as people call them."""
        return [Event(event).label for event in self.events]


class Delivery(models.Model):
    """One message to a hook: what was sent, how often, and what came of the last attempt."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    event = models.CharField(_("event"), max_length=32)
    body = models.TextField(_("body"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last attempt"), null=True)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    milliseconds = models.PositiveIntegerField(_("duration in milliseconds"), null=True)
    answer = models.CharField(_("beginning of the answer, or what went wrong"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["hook", "-id"], name="delivery_by_hook"),
            models.Index(fields=["hook", "id"], name="delivery_waiting", condition=Q(state="waiting")),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.event}"


class UntoldChange(models.Model):
    """The outbox: a change of a standing of which no hook has been told yet."""

    change = models.OneToOneField(
        "StandingChange", models.CASCADE, primary_key=True, related_name="+", verbose_name=_("change")
    )

    class Meta:
        verbose_name = _("untold change")
        verbose_name_plural = _("untold changes")

    def __str__(self) -> str:
        return str(self.change_id)
