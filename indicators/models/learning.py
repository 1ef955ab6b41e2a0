"""What the portal has learnt of files: names in them, shapes of tables, and addresses to look at again."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.catalogue import Indicator, Source


class LearntName(models.Model):
    """A way of writing that somebody explained once: from then on it is understood in every file."""

    class Kind(models.TextChoices):
        TERRITORY = "territory", _("territory")
        CATEGORY = "category", _("category")
        INDICATOR = "indicator", _("indicator")
        UNIT = "unit", _("unit")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.CharField(_("as written"), max_length=200)
    key = models.CharField(_("as compared"), max_length=200)
    code = models.CharField(_("code of what is meant"), max_length=100)
    learnt_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("explained by")
    )
    learnt_at = models.DateTimeField(_("explained at"), auto_now_add=True)

    class Meta:
        verbose_name = _("learnt name")
        verbose_name_plural = _("learnt names")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="name_is_learnt_once")]

    def __str__(self) -> str:
        return f"{self.text} = {self.code}"


class TableMapping(models.Model):
    """How a table of a certain shape is read, as somebody corrected it; used for the next one."""

    fingerprint = models.CharField(_("shape"), max_length=64, unique=True)
    remembered = models.JSONField(_("corrections"), default=dict)
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("indicator")
    )
    learnt_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("corrected by")
    )
    learnt_at = models.DateTimeField(_("corrected at"), auto_now=True)

    class Meta:
        verbose_name = _("remembered layout")
        verbose_name_plural = _("remembered layouts")

    def __str__(self) -> str:
        return self.fingerprint


class WatchedFile(models.Model):
    """A file that is looked at regularly; when it is new, it becomes an upload."""

    address = models.CharField(_("address or folder"), max_length=500, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("source"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("indicator")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="watched_files", verbose_name=_("watched for")
    )
    every_hours = models.PositiveSmallIntegerField(_("looked at every so many hours"), default=24)
    is_active = models.BooleanField(_("is looked at"), default=True)
    fingerprints = models.JSONField(_("shapes of its tables"), default=list, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    etag = models.CharField("ETag", max_length=200, blank=True)
    last_modified = models.CharField("Last-Modified", max_length=64, blank=True)
    failures = models.PositiveSmallIntegerField(_("not reached so many times running"), default=0)
    looked_at = models.DateTimeField(_("looked at last"), null=True, blank=True)
    problem = models.JSONField(_("problem"), null=True, blank=True)

    class Meta:
        verbose_name = _("watched file")
        verbose_name_plural = _("watched files")
        constraints = [
            models.CheckConstraint(name="watch_is_not_too_often", condition=Q(every_hours__gt=0)),
        ]

    def __str__(self) -> str:
        return self.address

    def is_due(self, now: dt.datetime) -> bool:
        """Whether it is time to look at it again."""
        return self.looked_at is None or self.looked_at + dt.timedelta(hours=self.every_hours) <= now
