from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """What readers walk through: home, search, places, the catalogue of indicators, the deputy's page."""

    name = "portal"
    verbose_name = _("Portal")
