from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """The promises: programmes, goals, KPIs, targets, measures, money, and how far they are kept."""

    name = "programmes"
    verbose_name = _("Programmes")
