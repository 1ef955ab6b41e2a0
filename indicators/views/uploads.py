"""Uploads: a file comes in, what it would change is shown, it is confirmed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action
from indicators.forms import IndicatorForm, UploadForm
from indicators.messages import upload_error
from indicators.models import StagedFigure, Upload
from indicators.services.uploading import UploadError, confirm_upload, read_again, receive_upload
from indicators.tasks import process

Change = StagedFigure.Change
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
def upload_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One upload at its present step: waiting, difference to confirm, result, or what went wrong."""
    upload = _upload(request, pk)
    chosen = request.GET.get("show", "")
    shown = chosen if chosen in Change.values else _first_of_interest(upload)
    figures = (
        upload.figures.filter(change=shown)
        .select_related("indicator__unit", "territory", "breakdown")
        .prefetch_related("breakdown__categories")
        .order_by("pk")
    )
    context = {
        "upload": upload,
        "shown": shown,
        "counts": [(value, label, upload.counts.get(value, 0)) for value, label in Change.choices],
        "page": Paginator(figures, PAGE).get_page(request.GET.get("page")),
        "indicator_form": IndicatorForm(),
        "twin": Upload.objects.filter(sha256=upload.sha256, state=Upload.State.APPLIED)
        .exclude(pk=pk)
        .first(),
    }
    return render(request, "indicators/upload_detail.html", context)


def _first_of_interest(upload: Upload) -> str:
    """What is looked at first: what would be overwritten, then what is refused, then what is new."""
    order = (Change.CHANGED, Change.REJECTED, Change.NEW, Change.UNCHANGED)
    return next((kind.value for kind in order if upload.counts.get(kind.value)), Change.NEW.value)


@action_required(Action.UPLOAD)
@require_GET
def upload_progress(request: UserRequest, pk: int) -> HttpResponse:
    """The waiting line of the page, asked for every second; when the step is done the page is loaded anew."""
    upload = _upload(request, pk)
    response = render(request, "indicators/upload_progress.html", {"upload": upload})
    if not upload.is_waiting:
        response["HX-Refresh"] = "true"
    return response


@action_required(Action.UPLOAD)
@require_POST
def upload_confirm(request: UserRequest, pk: int) -> HttpResponse:
    """The previewed difference is to be published."""
    upload = _upload(request, pk)
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
    """The analyst says what the file measures; it is read once more."""
    upload = _upload(request, pk)
    form = IndicatorForm(request.POST)
    try:
        with transaction.atomic():
            chosen = form.cleaned_data["indicator"] if form.is_valid() else None
            again = read_again(upload=upload, indicator=chosen)
            transaction.on_commit(lambda: process(again))
    except UploadError as error:
        messages.error(request, upload_error(error.code, error.params))
    return redirect("indicators:upload-detail", pk)


@action_required(Action.UPLOAD)
@require_GET
def upload_file(request: UserRequest, pk: int) -> HttpResponseBase:
    """The original, byte for byte."""
    upload = _upload(request, pk)
    return FileResponse(upload.file.open("rb"), as_attachment=True, filename=upload.file_name)


def _upload(request: UserRequest, pk: int) -> Upload:
    visible = Upload.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("source", "indicator", "user", "form"), pk=pk)
