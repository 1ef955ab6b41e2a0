"""Erasing what is personal of a user: nothing names the person afterwards, history still means one person.

What exists for the user alone is deleted. The user's row stays under a pseudonym, and the words that name the
person are taken out of the tables in which people's work is kept. In the audit trail they are too, provably
(docs/audit.md). What was published is not searched: `find_traces` looks everywhere, for a person to decide.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import ERASED_DOMAIN, AuditEvent, KeptAnswer, User
from accounts.services.auditing import event
from portal.models import Subscription
from portal.state import PRIVATE

STAYS = {"accounts.Mandate", "admin.LogEntry"}
"""Rows of the user that history needs."""
EVENTS_AT_ONCE = 500
ERASURE = "user.erased"
CONTENT = ("label", "reason", "details")
CLAIM = """
SELECT event.number, accounts_audit_sha256(
    accounts_audit_content(jsonb_populate_record(event, %s::jsonb)) || jsonb_build_array(event.hash))
FROM accounts_auditevent event WHERE id = %s
"""
REWRITE = """
UPDATE accounts_auditevent
SET label = new.label, reason = new.reason, details = new.details, salt = NULL, erased_in_id = %s
FROM jsonb_to_record(%s::jsonb) AS new(label text, reason text, details jsonb) WHERE id = %s
"""


class ErasureError(Exception):
    """What cannot be done: `oneself`, `erased_already`, `reason_required`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def words_of(user: User) -> list[str]:
    """What names the person: the address, and both names together, either first. One name alone is many's."""
    names = [user.first_name.strip(), user.last_name.strip()]
    both = [" ".join(names), " ".join(reversed(names))] if all(names) else []
    return [user.email, *both]


def pattern_of(words: list[str]) -> str:
    """A regular expression, for Python and PostgreSQL alike, that finds any of the words as a whole."""
    alternatives = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words)
    return rf"(?<![\w.+-])({alternatives})(?!\w)"


def erase_user(*, user: User, by: User | None, reason: str) -> None:
    """Erases what is personal of the user, in one transaction. Raises `ErasureError`."""
    if not reason.strip():
        raise ErasureError("reason_required")
    if user == by:
        raise ErasureError("oneself")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_erased:
            raise ErasureError("erased_already")
        words = words_of(user)
        pattern, alias = pattern_of(words), f"erased-{user.pk}"
        _delete_own(user)
        _make_pseudonym(user, alias)
        for model in _tables_of_work():
            _replace(model, pattern, alias)
        _erase_from_audit(user, words, by=by, reason=re.sub(pattern, alias, reason.strip(), flags=re.I))


def _delete_own(user: User) -> None:
    """Keys, notices, webhooks, addresses, second factors: what goes with a user goes now; and sessions."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            refers = isinstance(field, models.ForeignKey) and field.related_model is User
            if (
                refers
                and getattr(field.remote_field, "on_delete", None) is models.CASCADE
                and model._meta.label not in STAYS
            ):
                model._base_manager.filter(**{field.name: user}).delete()
    Subscription.objects.filter(email__iexact=user.email).delete()
    sessions = Session.objects.iterator()
    own = [each.pk for each in sessions if each.get_decoded().get("_auth_user_id") == str(user.pk)]
    Session.objects.filter(pk__in=own).delete()
    named = [word.encode() for word in words_of(user)]
    for answer in KeptAnswer.objects.iterator():
        if any(word in bytes(answer.body) for word in named):
            answer.delete()


def _make_pseudonym(user: User, alias: str) -> None:
    today = timezone.localdate()
    user.mandates.filter(valid_from__gt=today).delete()
    user.mandates.filter(Q(valid_to=None) | Q(valid_to__gt=today)).update(valid_to=today)
    user.groups.clear()
    user.user_permissions.clear()
    user.email, user.first_name, user.last_name = alias + ERASED_DOMAIN, "", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login, user.language = None, User._meta.get_field("language").default
    user.set_unusable_password()
    user.save()


def _tables_of_work() -> Iterator[type[models.Model]]:
    """The private tables that refer to users: what people typed stands there."""
    for model in apps.get_models():
        refers = any(field.related_model is User for field in model._meta.concrete_fields)
        if model is LogEntry or (refers and model._meta.label in PRIVATE and model is not AuditEvent):
            yield model


def _replace(model: type[models.Model], pattern: str, alias: str) -> None:
    quote, table = connection.ops.quote_name, model._meta.db_table
    with connection.cursor() as cursor:
        for field in model._meta.concrete_fields:
            if (cast := _cast(field)) is None:
                continue
            name = quote(str(field.column))
            cursor.execute(
                f"UPDATE {quote(table)} SET {name} = regexp_replace({name}::text, %s, %s, 'gi'){cast} "  # noqa: S608
                f"WHERE {name}::text ~* %s",
                [pattern, alias, pattern],
            )


def _cast(field: "models.Field[Any, Any]") -> str | None:
    """How changed text becomes the column's again; None where nobody types, or a change would break it."""
    if field.unique or field.choices:
        return None
    if isinstance(field, models.JSONField):
        return "::jsonb"
    if isinstance(field, ArrayField):
        return f"::{field.db_type(connection)}"
    return "" if isinstance(field, models.CharField | models.TextField) else None


def _erase_from_audit(user: User, words: list[str], *, by: User | None, reason: str) -> None:
    """Takes the words out of sealed events, and records it with what is claimed of what is left."""
    rows = Q()
    for word in words:
        rows |= Q(label__icontains=word) | Q(reason__icontains=word) | Q(details__icontains=word)
    sealed = AuditEvent.objects.filter(rows, number__isnull=False).order_by("number")
    found = list(sealed.values_list("pk", "label", "reason", "details"))
    expression, alias = re.compile(pattern_of(words), re.I), f"erased-{user.pk}"
    for start in range(0, max(1, len(found)), EVENTS_AT_ONCE):
        new = {
            pk: json.dumps(_without(dict(zip(CONTENT, content, strict=True)), expression, alias))
            for pk, *content in found[start : start + EVENTS_AT_ONCE]
        }
        erasure = event(
            ERASURE, subject=f"user:{user.pk}", label=alias, by=by, reason=reason,
            details={"events": _claims(new)},
        )  # fmt: skip
        erasure.save(force_insert=True)
        with connection.cursor() as cursor:
            for pk, content in new.items():
                cursor.execute(REWRITE, [erasure.pk, content, pk])


def _claims(new: dict[int, str]) -> dict[str, str]:
    """What each event's content will give, by its number."""
    claims = {}
    with connection.cursor() as cursor:
        for pk, content in new.items():
            cursor.execute(CLAIM, [content, pk])
            [(number, claim)] = cursor.fetchall()
            claims[str(number)] = claim
    return claims


def _without(value: Any, expression: re.Pattern[str], alias: str) -> Any:
    """The value with the alias for each of the words, however deep they stand."""
    if isinstance(value, str):
        return expression.sub(alias, value)
    if isinstance(value, list):
        return [_without(each, expression, alias) for each in value]
    if isinstance(value, dict):
        return {expression.sub(alias, key): _without(each, expression, alias) for key, each in value.items()}
    return value
