from celery.signals import task_postrun
from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """What readers walk through: home, search, places, the catalogue of indicators, the deputy's page."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """After migrations, the new public tables are watched too, and published lists followed; jobs are
        counted, and replicas learn what they write."""
        from common.jobs import tell_of_jobs  # noqa: PLC0415 - once the apps are loaded
        from portal.databases import note_what_was_written  # noqa: PLC0415
        from portal.following import follow_published_tables  # noqa: PLC0415
        from portal.services.tallying import tally_job  # noqa: PLC0415
        from portal.state import watch_public_tables  # noqa: PLC0415

        post_migrate.connect(watch_public_tables, sender=self)
        post_migrate.connect(follow_published_tables, sender=self)
        tell_of_jobs(tally_job)
        task_postrun.connect(note_what_was_written, dispatch_uid="portal.databases")
