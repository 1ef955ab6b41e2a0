from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """What every app may use."""

    name = "common"
    verbose_name = _("Common ground")

    def ready(self) -> None:
        """Jobs carry their ids, and are counted."""
        from common.jobs import connect  # noqa: PLC0415 - settings come first

        connect()
