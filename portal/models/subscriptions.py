"""Who wants to hear by letter of what changes."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from programmes.models import Kpi, Programme


def new_token() -> str:
    """What a letter's links are known by; nobody guesses it."""
    return secrets.token_urlsafe(32)


class Subscription(models.Model):
    """An address to which changes of a programme, a territory, a KPI, or of everything are sent.

    Letters go out only once whoever reads the address has confirmed it. `told_until` is the moment up to
    which changes have been told.
    """

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency, default=Frequency.WEEKLY)
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, related_name="+", verbose_name=_("programme")
    )
    territory = models.ForeignKey(
        Territory, models.CASCADE, null=True, related_name="+", verbose_name=_("territory")
    )
    kpi = models.ForeignKey(Kpi, models.CASCADE, null=True, related_name="+", verbose_name=_("KPI"))
    token = models.CharField(_("key of its links"), max_length=64, unique=True, default=new_token)
    asked_at = models.DateTimeField(_("asked for at"))
    invited_at = models.DateTimeField(_("asked to confirm at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    told_until = models.DateTimeField(_("told of changes until"), null=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "programme", "territory", "kpi", name="subscription_is_one",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="subscription_is_to_one_thing",
                condition=Q(programme=None, territory=None) | Q(programme=None, kpi=None)
                | Q(territory=None, kpi=None),
            ),
            models.CheckConstraint(
                name="subscription_tells_once_confirmed",
                condition=Q(confirmed_at=None, told_until=None)
                | Q(confirmed_at__isnull=False, told_until__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.email}: {self.subject or '*'}"

    @property
    def subject(self) -> Programme | Territory | Kpi | None:
        """What it is about; None for everything."""
        return self.programme or self.territory or self.kpi
