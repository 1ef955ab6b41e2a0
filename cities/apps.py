from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    """Geography: territories, their history, names and groups."""

    name = "cities"
    verbose_name = _("Territories")
