"""The log of what changed in the published lists: from it a client keeps an exact copy (docs/api/sync.md)."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class TransactionField(models.TextField):  # type: ignore[type-arg]
    """A transaction's number, which PostgreSQL never gives twice."""

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's type."""
        return "xid8"


class SnapshotField(models.TextField):  # type: ignore[type-arg]
    """Which transactions were over at a moment."""

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's type."""
        return "pg_snapshot"


class Change(models.Model):
    """What one statement changed in one list: written by triggers alone, seen with the change itself.

    `keys` are database keys of rows that are there now or were before, `ids` public ids that rows had before.
    In the list of observations a key is the first number that its new revisions may have; of progress and
    standings keys and ids are those of KPIs. `reset` stands for a change that no list can tell of, and
    `pruned` for all that was taken away because it was old.
    """

    RESET, PRUNED = "reset", "pruned"

    id = models.BigAutoField(primary_key=True)
    transaction = TransactionField(_("transaction"))
    noted_at = models.DateTimeField(_("noted at"))
    snapshot = SnapshotField(_("transactions over by then"))
    name = models.CharField(_("list"), max_length=32)
    keys = ArrayField(models.BigIntegerField(), verbose_name=_("keys"), default=list)
    ids = ArrayField(models.TextField(), verbose_name=_("ids before"), default=list)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["name", "transaction"], name="change_by_transaction"),
            models.Index(fields=["noted_at"], name="change_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.transaction}"
