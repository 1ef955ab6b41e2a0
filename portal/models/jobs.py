"""How often each job has run, with what outcome, how long it took."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobTally(models.Model):
    """All runs of a task with one outcome, which is Celery's word (SUCCESS, FAILURE, RETRY …)."""

    task = models.CharField(_("job"), max_length=200)
    outcome = models.CharField(_("outcome"), max_length=16)
    runs = models.PositiveBigIntegerField(_("runs"))
    seconds = models.FloatField(_("seconds, of all runs"))
    last_at = models.DateTimeField(_("last run ended at"))
    last_seconds = models.FloatField(_("seconds, of the last run"))

    class Meta:
        verbose_name = _("tally of a job")
        verbose_name_plural = _("tallies of jobs")
        constraints = [models.UniqueConstraint(fields=["task", "outcome"], name="job_tally_is_one")]

    def __str__(self) -> str:
        return f"{self.task} {self.outcome}: {self.runs}"
