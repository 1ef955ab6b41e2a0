"""The addresses of papers, under the reader's language."""

from django.urls import path

from papers import views, views_replies, views_signatures

app_name = "papers"

urlpatterns = [
    path("papers/", views.paper_list, name="paper-list"),
    path("papers/new/<slug:kind>/", views.paper_order, name="paper-order"),
    path("papers/replies/<slug:code>/", views_replies.reply_letter, name="reply-letter"),
    path("papers/<int:pk>/", views.paper_detail, name="paper-detail"),
    path("papers/<int:pk>/progress/", views.paper_progress, name="paper-progress"),
    path("papers/<int:pk>/sign/", views_signatures.paper_sign, name="paper-sign"),
    path(
        "papers/<int:pk>/signatures/<int:number>/", views_signatures.paper_signature, name="paper-signature"
    ),
    path("papers/<int:pk>/<slug:form>/", views.paper_file, name="paper-file"),
]
