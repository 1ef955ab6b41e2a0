from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, organisations, and what each may do where."""

    name = "accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        """What is changed in any app's administration, and who comes in how, goes to the audit trail."""
        from allauth.account.signals import user_logged_in  # noqa: PLC0415 - models come first
        from allauth.mfa import signals as factors  # noqa: PLC0415
        from django.contrib.auth.signals import user_logged_in as session_began  # noqa: PLC0415

        from accounts.middleware_sessions import begin_session  # noqa: PLC0415
        from accounts.services import entering  # noqa: PLC0415
        from accounts.services.auditing import record_admin_changes  # noqa: PLC0415
        from accounts.services.leaving import end_sessions_after_changes  # noqa: PLC0415
        from common.admin_changes import changed  # noqa: PLC0415

        changed.connect(record_admin_changes, dispatch_uid="accounts.audit")
        changed.connect(end_sessions_after_changes, dispatch_uid="accounts.ended")
        session_began.connect(begin_session, dispatch_uid="accounts.began")
        user_logged_in.connect(entering.note_login, dispatch_uid="accounts.login")
        factors.authenticator_added.connect(entering.note_added_factor, dispatch_uid="accounts.added")
        factors.authenticator_removed.connect(entering.note_removed_factor, dispatch_uid="accounts.removed")
