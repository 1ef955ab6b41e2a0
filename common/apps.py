from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """What every app may use."""

    name = "common"
    verbose_name = _("Common ground")
