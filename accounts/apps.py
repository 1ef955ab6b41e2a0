from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, organisations, and what each may do where."""

    name = "accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        """What is changed in any app's administration goes to the audit trail."""
        from accounts.services.auditing import record_admin_changes  # noqa: PLC0415 - models come first
        from common.admin_changes import changed  # noqa: PLC0415

        changed.connect(record_admin_changes, dispatch_uid="accounts.audit")
