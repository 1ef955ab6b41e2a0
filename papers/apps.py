from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    """What the portal writes for paper: reports of programmes, replies to inquiries, sheets for a session."""

    name = "papers"
    verbose_name = _("Papers")
