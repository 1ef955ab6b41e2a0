"""Who may do what, where: users, organisations, mandates, API keys. And who did: the audit trail."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Lower, Now, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.origin import Channel
from cities.models import Territory, slug, validity_is_ordered
from cities.querysets import in_force
from common.names import Named

ERASED_DOMAIN = "@erased.invalid"
"""The addresses of users whose personal data were erased; no letter ever reaches them."""


class UserManager(BaseUserManager["User"]):
    """Creates users, who are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user who can log in with the password; without one, only after a reset."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user with every permission, for the administration."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person with a log-in."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="kk")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_is_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        if self.is_erased:
            return _("erased user %(number)s") % {"number": self.pk}
        return self.get_full_name() or self.email

    @property
    def is_erased(self) -> bool:
        """Whether nothing personal is left: only that somebody was here, always the same one."""
        return self.email.endswith(ERASED_DOMAIN)


class Organisation(Named):
    """A body that owns programmes, reports figures or answers for promises."""

    class Kind(models.TextChoices):
        AKIMAT = "akimat", _("akimat or its department")
        MINISTRY = "ministry", _("ministry")
        MASLIKHAT = "maslikhat", _("mäslihat")
        PARLIAMENT = "parliament", _("Parliament")
        STATISTICS = "statistics", _("statistics office")
        OTHER = "other", _("other organisation")

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[slug])
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("territory")
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates by date."""

    def current(self, on: dt.date) -> "MandateQuerySet":
        """Those in force on the day."""
        return self.filter(in_force(on))


class Mandate(models.Model):
    """A user's role in an organisation, for a territory and everything within it.

    One for the whole country covers the business of every organisation.
    """

    class Role(models.TextChoices):
        ANALYST = "analyst", _("analyst")
        APPROVER = "approver", _("approver")
        COORDINATOR = "coordinator", _("coordinator")
        DEPUTY = "deputy", _("deputy")
        ADMINISTRATOR = "administrator", _("administrator")

    user = models.ForeignKey(User, models.CASCADE, related_name="mandates", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=16, choices=Role)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandates", verbose_name=_("organisation")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="mandates", verbose_name=_("territory")
    )
    valid_from = models.DateField(_("since"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "territory", "valid_from"],
                name="mandate_is_given_once", nulls_distinct=False,
            ),
            validity_is_ordered("mandate_validity_is_ordered"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.territory}"


class ApiKey(models.Model):
    """A machine's key: only its hash is kept; the prefix tells keys apart in lists."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys", verbose_name=_("user"))
    label = models.CharField(_("label"), max_length=100)
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    key_hash = models.CharField(_("SHA-256 of the key"), max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=32), verbose_name=_("scopes"), default=list, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                name="api_key_hash_is_sha256", condition=Q(key_hash__regex=r"^[0-9a-f]{64}$")
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class KeptAnswer(models.Model):
    """What was answered to a request with an idempotency key, for whoever repeats the request."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    key = models.CharField(_("idempotency key"), max_length=255)
    fingerprint = models.CharField(_("SHA-256 of method, path and body"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    headers = models.JSONField(_("headers"), default=dict)
    body = models.BinaryField(_("body"))
    kept_at = models.DateTimeField(_("kept at"), default=timezone.now)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        indexes = [models.Index(fields=["kept_at"], name="kept_answer_by_moment")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answer_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.key}"


class LoginFailure(models.Model):
    """A password or code that was wrong, or is just being tried; kept for a day (docs/security.md)."""

    account = models.CharField(_("SHA-256 of the e-mail address"), max_length=64)
    network = models.CharField(_("network address"), max_length=49)
    device = models.CharField(_("known device"), max_length=32, blank=True)
    is_code = models.BooleanField(_("of the second step"), default=False)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("failed log-in")
        verbose_name_plural = _("failed log-ins")
        indexes = [
            models.Index(fields=["account", "at"], name="login_failure_by_account"),
            models.Index(fields=["network", "at"], name="login_failure_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.network}, {self.at}"


CHANNELS = [
    (Channel.PAGE.value, _("page")),
    (Channel.API.value, _("API")),
    (Channel.UPLOAD.value, _("upload")),
    (Channel.COMMAND.value, _("command")),
    (Channel.JOB.value, _("job")),
]


class AuditEvent(models.Model):
    """Who did what, when, from where and why: a link in a chain of hashes that nobody can rewrite unseen.

    When the transaction that wrote it commits, PostgreSQL gives the event its number (1, 2, 3 … without a
    gap), its moment, a random salt and its hash, which covers the one before (docs/audit.md). Where words of
    it were erased, `erased_in` is the event that says so and vouches for what is left.
    """

    number = models.PositiveBigIntegerField(_("number"), unique=True, null=True, editable=False)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("user")
    )
    action = models.CharField(_("action"), max_length=64)
    subject = models.CharField(_("subject"), max_length=100)
    label = models.TextField(_("label"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("territory")
    )
    reason = models.TextField(_("reason"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS)
    address = models.GenericIPAddressField(_("network address"), null=True)
    salt = models.CharField(_("salt of the hash"), max_length=32, null=True, editable=False)
    erased_in = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", db_index=False,
        verbose_name=_("personal data erased in"),
    )  # fmt: skip
    previous_hash = models.CharField(_("previous hash"), max_length=64, null=True, editable=False)
    hash = models.CharField(_("hash"), max_length=64, null=True, editable=False)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["at", "number"], name="audit_by_moment"),
            models.Index(fields=["user", "number"], name="audit_by_user"),
            models.Index(fields=["action", "number"], name="audit_by_action"),
            models.Index(fields=["subject", "number"], name="audit_by_subject"),
            models.Index(fields=["territory", "number"], name="audit_by_territory"),
            models.Index(fields=["address", "number"], name="audit_by_address"),
            models.Index(fields=["channel", "number"], name="audit_by_channel"),
            GinIndex(
                OpClass(Upper("label"), "gin_trgm_ops"),
                OpClass(Upper("reason"), "gin_trgm_ops"),
                OpClass(Upper(Cast("details", models.TextField())), "gin_trgm_ops"),
                name="audit_by_text",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_action_is_a_code", condition=Q(action__regex=r"^[a-z]+(\.[a-z_]+)+$")
            ),
            models.CheckConstraint(name="audit_event_has_a_subject", condition=~Q(subject="") & ~Q(label="")),
            models.CheckConstraint(
                name="audit_channel_is_known", condition=Q(channel__in=[code for code, _label in CHANNELS])
            ),
            models.CheckConstraint(
                name="audit_event_is_sealed_whole",
                condition=Q(number=None, previous_hash=None, hash=None)
                | Q(
                    number__gt=0,
                    previous_hash__regex=r"^[0-9a-f]{64}$",
                    hash__regex=r"^[0-9a-f]{64}$",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}, {self.label}"
