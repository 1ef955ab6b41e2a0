"""When publishing was paused: nothing becomes public meanwhile."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PublishingPause(models.Model):
    """A time in which no figure is published, and why; without an end, now."""

    reason = models.CharField(_("reason"), max_length=500)
    began_at = models.DateTimeField(_("began at"))
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("begun by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("ended by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("pause of publishing")
        verbose_name_plural = _("pauses of publishing")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(fields=["ended_at"], name="one_pause_at_a_time", nulls_distinct=False),
            models.CheckConstraint(name="pause_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="pause_is_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_by__isnull=False, ended_at__gte=F("began_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}: {self.reason}"
