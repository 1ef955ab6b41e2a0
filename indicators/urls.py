"""Addresses of the pages on which figures come in."""

from django.urls import path

from indicators.views import reports, upload_corrections, uploads

app_name = "indicators"

urlpatterns = [
    path("uploads/", uploads.upload_list, name="upload-list"),
    path("uploads/<int:pk>/", uploads.upload_detail, name="upload-detail"),
    path("uploads/<int:pk>/progress/", uploads.upload_progress, name="upload-progress"),
    path("uploads/<int:pk>/confirm/", uploads.upload_confirm, name="upload-confirm"),
    path("uploads/<int:pk>/read-again/", uploads.upload_read_again, name="upload-read-again"),
    path("uploads/<int:pk>/file/", uploads.upload_file, name="upload-file"),
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
    path("reports/<int:pk>/", reports.report_detail, name="report-detail"),
    path("review/", reports.review_list, name="review-list"),
    path("review/<int:pk>/", reports.review_detail, name="review-detail"),
]
