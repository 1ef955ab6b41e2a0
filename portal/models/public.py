"""The mark that every public change leaves, by which kept pages know that they are out of date."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PublicChange(models.Model):
    """A statement that wrote to a public table; written by triggers (`portal.state`), seen once committed.

    Old rows are taken away as new ones come: only which of them are visible counts.
    """

    table_name = models.CharField(_("table"), max_length=63, default="")
    noted_at = models.DateTimeField(_("noted at"), db_default=Now())

    class Meta:
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")

    def __str__(self) -> str:
        return f"{self.table_name} {self.pk}"
