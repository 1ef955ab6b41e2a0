from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, organisations, and what each may do where."""

    name = "accounts"
    verbose_name = _("People and organisations")
