"""The jobs that run by the clock: what each is called, when it runs, and how its last run went."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from celery import current_app
from celery.schedules import crontab, maybe_schedule
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.models import JobTally

SUCCESS = "SUCCESS"
LABELS: dict[str, Promise] = {
    "indicators.look_at_files": gettext_lazy("Looks at watched files"),
    "indicators.preview_upload": gettext_lazy("Reads an upload"),
    "indicators.apply_upload": gettext_lazy("Publishes an upload"),
    "indicators.revert_upload": gettext_lazy("Takes an upload back"),
    "indicators.mark_errors": gettext_lazy("Marks the errors in a workbook"),
    "indicators.look_at_file": gettext_lazy("Looks at a watched file"),
    "indicators.resume_uploads": gettext_lazy("Resumes uploads that stand still"),
    "indicators.remind": gettext_lazy("Reminds of reports that are due"),
    "indicators.send_letters": gettext_lazy("Sends letters"),
    "papers.make": gettext_lazy("Makes a paper"),
    "papers.resume": gettext_lazy("Resumes papers that stand still"),
    "portal.drain_news": gettext_lazy("Tells webhooks the news"),
    "portal.mark_time": gettext_lazy("Marks the time for replicas"),
    "portal.make_snapshot": gettext_lazy("Makes the bulk snapshot"),
    "portal.note_standings": gettext_lazy("Notes which promises stand otherwise than before"),
    "portal.prune": gettext_lazy("Forgets what has been kept long enough"),
    "portal.refresh_search": gettext_lazy("Brings the search up to date"),
    "portal.send_digests": gettext_lazy("Sends digests"),
    "portal.send_invitations": gettext_lazy("Asks new subscribers to confirm"),
    "portal.tell_hook": gettext_lazy("Tells a webhook"),
    "programmes.check_quality": gettext_lazy("Checks the quality of all figures"),
    "programmes.check_touched": gettext_lazy("Checks the quality of new figures"),
    "programmes.drain_outbox": gettext_lazy("Recomputes what was published"),
    "programmes.recompute_everything": gettext_lazy("Begins to recompute everything"),
    "programmes.resume_runs": gettext_lazy("Resumes recomputations that stand still"),
    "programmes.work_on_run": gettext_lazy("Does a part of a recomputation"),
}
GRACE = {True: dt.timedelta(hours=1), False: dt.timedelta(minutes=2)}
"""How late a job may be before it is said: one of a certain hour, and one that repeats."""


@dataclass(frozen=True)
class Scheduled:
    """A scheduled job: when it runs, in words; when it last succeeded and failed, and how long it takes."""

    task: str
    label: str
    when: str
    last_success: dt.datetime | None
    last_failure: dt.datetime | None
    seconds: float | None
    is_late: bool

    @property
    def has_failed(self) -> bool:
        """Whether the last run failed."""
        if self.last_failure is None:
            return False
        return self.last_success is None or self.last_failure > self.last_success


def job_label(task: str) -> str:
    """What the job does; the task's name where nobody has put that in words."""
    return str(LABELS.get(task, task))


def scheduled() -> list[Scheduled]:
    """Every job of the schedule, in its order; one query."""
    tallies: defaultdict[str, dict[str, JobTally]] = defaultdict(dict)
    for tally in JobTally.objects.all():
        tallies[tally.task][tally.outcome] = tally
    found = []
    for entry in current_app.conf.beat_schedule.values():
        task, schedule = entry["task"], maybe_schedule(entry["schedule"], app=current_app)
        of = tallies[task]
        done = of.get(SUCCESS)
        failed = [tally.last_at for outcome, tally in of.items() if outcome == "FAILURE"]
        found.append(
            Scheduled(
                task=task,
                label=job_label(task),
                when=_when(schedule),
                last_success=done.last_at if done else None,
                last_failure=max(failed, default=None),
                seconds=done.seconds / done.runs if done else None,
                is_late=done is not None and _is_late(schedule, max([done.last_at, *failed])),
            )
        )
    return found


def _is_late(schedule: Any, last: dt.datetime) -> bool:
    """Whether it should have run again by now, with some grace."""
    left: dt.timedelta = schedule.remaining_estimate(timezone.localtime(last))
    return left < -GRACE[isinstance(schedule, crontab)]


def _when(schedule: Any) -> str:
    if hasattr(schedule, "_orig_hour"):  # of a certain hour
        hour, minute = str(schedule._orig_hour), str(schedule._orig_minute)
        if hour.isdecimal() and minute.isdecimal():
            return _("every day at %(time)s") % {"time": f"{int(hour):02}:{int(minute):02}"}
        first, _dash, last = hour.partition("-")
        if first.isdecimal() and last.isdecimal() and minute.isdecimal():
            ends = {"first": f"{int(first)}:{int(minute):02}", "last": f"{int(last)}:{int(minute):02}"}
            return _("every hour from %(first)s to %(last)s") % ends
        return f"{minute} {hour} * * *"
    seconds = round(schedule.run_every.total_seconds())
    if seconds % 60:
        text = ngettext("every %(count)s second", "every %(count)s seconds", seconds)
        return text % {"count": seconds}
    if seconds == 60:
        return _("every minute")
    return ngettext("every %(count)s minute", "every %(count)s minutes", seconds // 60) % {
        "count": seconds // 60
    }
