"""Addresses of the pages on which figures come in."""

from django.urls import path

from indicators.views import reports, upload_actions, uploads

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
    path("reports/", reports.report_list, name="report-list"),
    path("reports/<int:pk>/", reports.report_detail, name="report-detail"),
    path("review/", reports.review_list, name="review-list"),
    path("review/<int:pk>/", reports.review_detail, name="review-detail"),
]
