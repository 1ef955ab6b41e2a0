"""Addresses of the pages on which figures come in."""

from django.urls import path

from indicators.views import (
    calendar,
    form_templates,
    notices,
    reports,
    sheets,
    upload_actions,
    upload_corrections,
    uploads,
)

app_name = "indicators"

urlpatterns = [
    path("uploads/", uploads.upload_list, name="upload-list"),
    path("uploads/<int:pk>/", uploads.upload_detail, name="upload-detail"),
    path("uploads/<int:pk>/progress/", uploads.upload_progress, name="upload-progress"),
    path("uploads/<int:pk>/confirm/", uploads.upload_confirm, name="upload-confirm"),
    path("uploads/<int:pk>/read-again/", uploads.upload_read_again, name="upload-read-again"),
    path("uploads/<int:pk>/file/", uploads.upload_file, name="upload-file"),
    path("uploads/<int:pk>/revert/", upload_actions.upload_revert, name="upload-revert"),
    path("uploads/<int:pk>/errors/", upload_actions.upload_errors, name="upload-errors"),
    path("uploads/<int:pk>/difference/", uploads.upload_difference, name="upload-difference"),
    path("uploads/<int:pk>/revisions/", uploads.upload_revisions, name="upload-revisions"),
    path("uploads/<int:pk>/correct/", upload_corrections.upload_correct, name="upload-correct"),
    path("uploads/<int:pk>/explain/", upload_corrections.upload_explain, name="upload-explain"),
    path(
        "uploads/<int:pk>/names/<int:name>/forget/",
        upload_corrections.upload_forget_name,
        name="upload-forget-name",
    ),
    path(
        "uploads/<int:pk>/layouts/<int:mapping>/forget/",
        upload_corrections.upload_forget_layout,
        name="upload-forget-layout",
    ),
    path("reports/", reports.report_list, name="report-list"),
    path("reports/evidence/<int:pk>/", sheets.entry_evidence, name="entry-evidence"),
    path("reports/<slug:code>/<str:period>/", sheets.sheet, name="sheet"),
    path("reports/<slug:code>/<str:period>/state/", sheets.state, name="sheet-state"),
    path("reports/<slug:code>/<str:period>/save/", sheets.save, name="sheet-save"),
    path("reports/<slug:code>/<str:period>/evidence/", sheets.evidence, name="sheet-evidence"),
    path("reports/<slug:code>/<str:period>/submit/", sheets.submit, name="sheet-submit"),
    path("reports/<slug:code>/<str:period>/reopen/", sheets.reopen, name="sheet-reopen"),
    path("reports/<slug:code>/<str:period>/template.xlsx", form_templates.template, name="sheet-template"),
    path("reports/<slug:code>/<str:period>/fill/", form_templates.fill, name="sheet-fill"),
    path("review/", reports.review_list, name="review-list"),
    path("review/approve/", reports.review_approve, name="review-approve"),
    path("review/<int:pk>/", reports.review_detail, name="review-detail"),
    path("calendar/", calendar.calendar_detail, name="calendar"),
    path("calendar/nudge/", calendar.calendar_nudge, name="calendar-nudge"),
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/<int:pk>/", notices.notice_detail, name="notice-detail"),
    path("notices/read/", notices.notice_read, name="notice-read"),
    path("notices/preferences/", notices.notice_preferences, name="notice-preferences"),
]
