"""Jobs around log-ins; each only calls services."""

from celery import shared_task
from django.core.management import call_command

from accounts.services.guessing import forget_failures


@shared_task(name="accounts.tidy_log_ins")
def tidy_log_ins_task() -> None:
    """Forgets sessions that are over, and failures of yesterday."""
    call_command("clearsessions")
    forget_failures()
