"""What can be done with an upload besides confirming it: undo it, take its errors away as a workbook."""

from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action
from indicators.messages import upload_error
from indicators.models import Upload
from indicators.services.marking import error_workbook
from indicators.services.reverting import figures_to_undo, newer_figures, revert_upload
from indicators.services.uploading import UploadError
from indicators.tasks import process, request_error_workbook

PAGE = 100
RELATED = ("series__indicator__unit", "series__territory", "series__breakdown")


@action_required(Action.UPLOAD)
@require_http_methods(["GET", "POST"])
def upload_revert(request: UserRequest, pk: int) -> HttpResponse:
    """What undoing an applied upload would change, figure by figure; then it is decided."""
    upload = _upload(request, pk)
    if request.method == "POST":
        try:
            with transaction.atomic():
                reverting = revert_upload(
                    upload=upload, by=request.user, reason=request.POST.get("reason", "")[:500]
                )
                transaction.on_commit(lambda: process(reverting))
        except UploadError as error:
            messages.error(request, upload_error(error.code, error.params))
            return redirect("indicators:upload-revert", pk)
        return redirect("indicators:upload-detail", pk)
    if upload.state != Upload.State.APPLIED or upload.form_id:
        return redirect("indicators:upload-detail", pk)
    newer = newer_figures(upload).select_related(*RELATED, "user", "upload", "entry__report__form")
    figures = figures_to_undo(upload).select_related(*RELATED)
    paginator = Paginator(figures.prefetch_related("series__breakdown__categories"), PAGE)
    # Counting a million revisions again would take longer than the page: applying counted them.
    paginator.count = upload.counts["published"]["new"] + upload.counts["published"]["changed"]
    context = {
        "upload": upload,
        "page": paginator.get_page(request.GET.get("page")),
        "newer": newer[:PAGE],
        "newer_count": newer.count(),
        "visible": set(Upload.objects.visible_to(request.user).values_list("pk", flat=True)),
    }
    return render(request, "indicators/upload_revert.html", context)


@action_required(Action.UPLOAD)
@require_GET
def upload_errors(request: UserRequest, pk: int) -> HttpResponseBase:
    """The file with its rejected cells marked; until a worker has made it, a page that waits for it.

    Under the name of the original, by which its indicator is recognised when it is sent in again.
    """
    upload, language = _upload(request, pk), get_language() or settings.LANGUAGE_CODE
    path = error_workbook(upload, language)
    if path is None:
        raise Http404
    is_ready, asked_by_page = path.exists(), "HX-Request" in request.headers
    if is_ready and not asked_by_page:
        name = f"{Path(upload.file_name).stem}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
    if not is_ready:
        request_error_workbook(upload, language)
    page = "upload_errors_wait.html" if asked_by_page else "upload_errors.html"
    status = HTTPStatus.OK if asked_by_page else HTTPStatus.ACCEPTED
    return render(request, f"indicators/{page}", {"upload": upload, "is_ready": is_ready}, status=status)


def _upload(request: UserRequest, pk: int) -> Upload:
    visible = Upload.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("source", "indicator", "user"), pk=pk)
