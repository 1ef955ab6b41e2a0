"""Addresses of the audit trail, and of what concerns the person who is logged in."""

from django.urls import path

from accounts import views, views_keys, views_sessions

app_name = "accounts"

urlpatterns = [
    path("audit/", views.audit_list, name="audit-list"),
    path("audit/export/", views.audit_export, name="audit-export"),
    path("account/keys/", views_keys.key_list, name="key-list"),
    path("account/keys/<int:pk>/revoke/", views_keys.key_revoke, name="key-revoke"),
    path("account/sessions/<int:pk>/end/", views_sessions.session_end, name="session-end"),
]
