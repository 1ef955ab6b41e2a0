from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """The statistics: what is measured, by whom, and what was found."""

    name = "indicators"
    verbose_name = _("Statistics")
