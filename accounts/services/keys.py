"""Keys by which machines come in. A key acts as its user, with his mandates, as far as its scopes reach."""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, User
from accounts.permissions import Action, actions_of
from accounts.services.auditing import record
from common.databases.circuits import circuit

KEYWORD = "Api-Key"
"""What comes before a key in the header `Authorization`."""
USE_NOTED_EVERY = dt.timedelta(minutes=1)


class Scope(TextChoices):
    """What a key may be used for."""

    UPLOADS = "uploads", _("sending in files")
    ENTRIES = "entries", _("entering figures and submitting reports")
    APPROVAL = "approval", _("approving and returning reports")
    PAPERS = "papers", _("ordering reports for paper")


ACTIONS = {
    Scope.UPLOADS: Action.UPLOAD,
    Scope.ENTRIES: Action.ENTER,
    Scope.APPROVAL: Action.APPROVE,
    Scope.PAPERS: Action.ORDER,
}
"""What somebody must be allowed to do to have a use for the scope."""


def scopes_for(user: User) -> list[Scope]:
    """The scopes that are of use to the user."""
    allowed = actions_of(user)
    return [scope for scope, action in ACTIONS.items() if action in allowed]


def issue_key(
    *, user: User, label: str, scopes: Iterable[Scope], expires_at: dt.datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, `<prefix>.<secret>`, which nobody can find out again: only its hash is kept."""
    prefix = secrets.token_hex(5)
    text = f"{prefix}.{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        user=user,
        label=label.strip(),
        prefix=prefix,
        key_hash=_hash(text),
        scopes=[scope.value for scope in scopes],
        expires_at=expires_at,
    )
    _record("key.issued", key)
    return key, text


def revoke_key(*, key: ApiKey) -> ApiKey:
    """Closes the key for good; the moment of the first revocation stays."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _record("key.revoked", key)
    key.refresh_from_db()
    return key


def _record(action: str, key: ApiKey) -> None:
    """The audit trail keeps who has which key, never the key."""
    record(action, subject=f"key:{key.prefix}", label=str(key), by=key.user, details={"scopes": key.scopes})


def key_text(authorization: bytes) -> str | None:
    """What the header sends as a key, whether it is one or not; None where it sends nothing as such."""
    keyword, _space, text = authorization.decode("latin-1").partition(" ")
    return text.strip() if keyword.lower() == KEYWORD.lower() else None


def find_key(text: str) -> ApiKey | None:
    """The key of this text, if it opens anything today; its use is noted, but while the primary is away.

    A replica cannot note it: then the request is done again by the primary (portal/databases.py).
    """
    now = timezone.now()
    key = ApiKey.objects.select_related("user").filter(prefix=text.partition(".")[0]).first()
    if key is None or not hmac.compare_digest(key.key_hash, _hash(text)):
        return None
    has_expired = key.expires_at is not None and key.expires_at <= now
    if has_expired or key.revoked_at is not None or not key.user.is_active:
        return None
    is_due = key.last_used_at is None or now - key.last_used_at >= USE_NOTED_EVERY
    if is_due and not circuit().is_open:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
