"""Uploads: a file comes in, what was recognised and what it would change is shown, it is confirmed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action
from indicators.choices import Choices
from indicators.difference import Difference
from indicators.forms import UploadForm
from indicators.forms_uploads import ROLES, FactsForm, table_forms
from indicators.messages import upload_error
from indicators.models import LearntName, ObservationRevision, TableMapping, Upload
from indicators.questions import QuestionsForm
from indicators.services.uploading import UploadError, confirm_upload, read_again, receive_upload
from indicators.tasks import process

PAGE = 100


@action_required(Action.UPLOAD)
@require_http_methods(["GET", "POST"])
def upload_list(request: UserRequest) -> HttpResponse:
    """The door for files, and what came through it."""
    form = UploadForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            upload = receive_upload(
                file=form.cleaned_data["file"],
                user=request.user,
                source=form.cleaned_data["source"],
                indicator=form.cleaned_data["indicator"],
                reason=form.cleaned_data["reason"],
            )
            transaction.on_commit(lambda: process(upload))
        return redirect("indicators:upload-detail", upload.pk)
    uploads = Upload.objects.visible_to(request.user).select_related("source", "user")
    page = Paginator(uploads, PAGE).get_page(request.GET.get("page"))
    return render(request, "indicators/upload_list.html", {"form": form, "page": page})


@action_required(Action.UPLOAD)
@require_GET
@vary_on_headers("HX-Request")
def upload_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One upload at its present step: waiting, corrections and difference, result, or what went wrong. Asked
    for by a filter of the difference, only that."""
    upload = upload_of(request, pk)
    if request.headers.get("HX-Target") == "difference-shown":
        context = {"upload": upload, **difference_shown(request, upload)}
        return render(request, "indicators/upload_difference.html", context)
    return render(request, "indicators/upload_detail.html", page_of(request, upload))


def page_of(request: UserRequest, upload: Upload, **forms: Any) -> dict[str, Any]:
    """All that the page of an upload shows; forms that were sent in take the place of fresh ones."""
    context: dict[str, Any] = {
        "upload": upload,
        "twin": Upload.objects.filter(sha256=upload.sha256, state=Upload.State.APPLIED)
        .exclude(pk=upload.pk)
        .first(),
    }
    if upload.is_waiting:
        return context
    choices = Choices()
    mappings = [table["mapping"] for table in upload.recognised if table.get("mapping")]
    context |= {
        "is_open": upload.state in {Upload.State.PREVIEWED, Upload.State.FAILED},
        "facts": FactsForm(request.user, None, upload=upload),
        "tables": table_forms(upload, None, choices),
        "questions": QuestionsForm(None, upload=upload, choices=choices),
        "learnt": LearntName.objects.filter(pk__in=upload.findings.get("learnt", [])),
        "mappings": TableMapping.objects.select_related("learnt_from").in_bulk(mappings),
        "choices": choices,
        "listed": LearntName.Kind.values,
        "roles": ROLES,
        **difference_shown(request, upload),
        **forms,
    }
    return context


def difference_shown(request: UserRequest, upload: Upload) -> dict[str, Any]:
    """The part of the difference that the URL asks for."""
    difference = Difference(upload, request.GET)
    page = difference.page(request.GET.get("page"))
    return {"difference": difference, "page": page, "figures": difference.figures(page)}


@action_required(Action.UPLOAD)
@require_GET
def upload_progress(request: UserRequest, pk: int) -> HttpResponse:
    """The waiting line of the page, asked for every second; when the step is done the page is loaded anew."""
    upload = upload_of(request, pk)
    response = render(request, "indicators/upload_progress.html", {"upload": upload})
    if not upload.is_waiting:
        response["HX-Refresh"] = "true"
    return response


@action_required(Action.UPLOAD)
@require_POST
def upload_confirm(request: UserRequest, pk: int) -> HttpResponse:
    """The previewed difference is to be published."""
    upload = upload_of(request, pk)
    try:
        with transaction.atomic():
            confirmed = confirm_upload(
                upload=upload, by=request.user, reason=request.POST.get("reason", "")[:500]
            )
            transaction.on_commit(lambda: process(confirmed))
    except UploadError as error:
        messages.error(request, upload_error(error.code, error.params))
    return redirect("indicators:upload-detail", pk)


@action_required(Action.UPLOAD)
@require_POST
def upload_read_again(request: UserRequest, pk: int) -> HttpResponse:
    """The file is read once more, with all that is known by now."""
    upload = upload_of(request, pk)
    try:
        with transaction.atomic():
            again = read_again(upload=upload, indicator=None)
            transaction.on_commit(lambda: process(again))
    except UploadError as error:
        messages.error(request, upload_error(error.code, error.params))
    return redirect("indicators:upload-detail", pk)


@action_required(Action.UPLOAD)
@require_GET
def upload_file(request: UserRequest, pk: int) -> HttpResponseBase:
    """The original, byte for byte."""
    upload = upload_of(request, pk)
    return FileResponse(upload.file.open("rb"), as_attachment=True, filename=upload.file_name)


@action_required(Action.UPLOAD)
@require_GET
def upload_difference(request: UserRequest, pk: int) -> HttpResponseBase:
    """The difference as the filters leave it, as CSV."""
    upload = upload_of(request, pk)
    lines = Difference(upload, request.GET).csv()
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="upload-{pk}-difference.csv"'
    return response


@action_required(Action.UPLOAD)
@require_GET
def upload_revisions(request: UserRequest, pk: int) -> HttpResponse:
    """What the upload published, revision by revision."""
    upload = upload_of(request, pk)
    revisions = (
        ObservationRevision.objects.filter(upload=upload)
        .select_related("series__indicator__unit", "series__territory", "series__breakdown", "user")
        .prefetch_related("series__breakdown__categories")
        .order_by("pk")
    )
    page = Paginator(revisions, PAGE).get_page(request.GET.get("page"))
    return render(request, "indicators/upload_revisions.html", {"upload": upload, "page": page})


def upload_of(request: UserRequest, pk: int) -> Upload:
    """The upload, if it is the reader's own or a colleague's."""
    visible = Upload.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("source", "indicator", "user", "form"), pk=pk)
