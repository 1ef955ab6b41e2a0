from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """What readers walk through: home, search, places, the catalogue of indicators, the deputy's page."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """After migrations, the new public tables are watched too, and published lists followed."""
        from portal.following import follow_published_tables  # noqa: PLC0415 - once the apps are loaded
        from portal.state import watch_public_tables  # noqa: PLC0415

        post_migrate.connect(watch_public_tables, sender=self)
        post_migrate.connect(follow_published_tables, sender=self)
