"""What people are told: in the portal, and by letter if they like."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.querysets import NoticeQuerySet


class Notice(models.Model):
    """Something that one person should know. Its words are made when it is read, in the reader's language.

    `key` names the occasion, so that nobody is told twice of the same.
    """

    class Kind(models.TextChoices):
        DUE_SOON = "due_soon", _("a report is due soon")
        OVERDUE = "overdue", _("a report is overdue")
        SUBMITTED = "submitted", _("a report waits for your decision")
        RETURNED = "returned", _("a report was returned")
        APPROVED = "approved", _("a report was approved")
        NUDGED = "nudged", _("a coordinator asks for a report")
        PREVIEWED = "previewed", _("an upload was read and waits to be confirmed")
        APPLIED = "applied", _("an upload was published")
        FAILED = "failed", _("an upload failed")
        LAYOUT_CHANGED = "layout_changed", _("a watched file has changed its layout")
        NOT_REACHED = "not_reached", _("a watched file could not be reached")
        INQUIRY_ASSIGNED = "inquiry_assigned", _("a deputies' inquiry is given to you")
        INQUIRY_DRAFTED = "inquiry_drafted", _("a reply to deputies waits for your decision")
        INQUIRY_RETURNED = "inquiry_returned", _("a reply to deputies was returned")
        INQUIRY_ANSWERED = "inquiry_answered", _("an inquiry that you registered is answered")
        HOOK_DISABLED = "hook_disabled", _("a webhook was disabled")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("for")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    key = models.CharField(_("occasion"), max_length=200)
    params = models.JSONField(_("particulars"), default=dict)
    path = models.CharField(_("page"), max_length=200)
    in_portal = models.BooleanField(_("shown in the portal"), default=True)
    by_letter = models.BooleanField(_("sent by e-mail"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="notice_is_given_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_by_reader"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(in_portal=True, read_at=None)),
            models.Index(fields=["id"], name="notice_to_mail", condition=Q(by_letter=True, mailed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


class NoticePreference(models.Model):
    """How a person wants to hear of one kind of thing; without a row, in the portal and by e-mail."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Notice.Kind)
    in_portal = models.BooleanField(_("in the portal"), default=True)
    by_letter = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="preference_is_stated_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
