"""How standings have changed since the portal began to note it: what readers have not seen yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from programmes.fields import WordField
from programmes.labels import STANDINGS
from programmes.models import Kpi


class NotedStanding(models.Model):
    """A standing as it was when standings were last compared; the next comparison finds what has changed."""

    pk = models.CompositePrimaryKey("kpi_id", "territory_id")
    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="+", db_index=False, verbose_name=_("KPI"))
    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="+", db_index=False, verbose_name=_("territory")
    )
    standing = WordField(_("standing"), choices=STANDINGS)

    class Meta:
        verbose_name = _("noted standing")
        verbose_name_plural = _("noted standings")

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.territory_id}: {self.standing}"


class StandingChange(models.Model):
    """A KPI of a territory that stands otherwise than before, and the figure on which that rests."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="standing_changes", verbose_name=_("KPI"))
    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="standing_changes", verbose_name=_("territory")
    )
    before = WordField(_("before"), choices=STANDINGS)
    after = WordField(_("after"), choices=STANDINGS)
    year = models.SmallIntegerField(_("year of the figure"), null=True)
    actual = models.FloatField(_("figure"), null=True)
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("change of a standing")
        verbose_name_plural = _("changes of standings")
        ordering = ["-noted_at", "-pk"]
        indexes = [models.Index(fields=["-noted_at", "-id"], name="standing_change_by_time")]
        constraints = [
            models.CheckConstraint(
                name="standing_change_is_one", condition=~models.Q(before=models.F("after"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.territory_id}: {self.before} → {self.after}"
