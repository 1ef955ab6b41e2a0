"""What people correct and explain of an upload: its tables, unknown names, and what was learnt wrongly."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action
from indicators.choices import Choices
from indicators.forms_uploads import FactsForm, table_forms
from indicators.messages import upload_error
from indicators.models import LearntName, TableMapping, Upload
from indicators.questions import QuestionsForm
from indicators.services.correcting import Facts, correct_upload, explain_names, forget
from indicators.services.learning import LearningError
from indicators.services.uploading import UploadError
from indicators.tasks import process
from indicators.views.uploads import page_of, upload_of


@action_required(Action.UPLOAD)
@require_POST
def upload_correct(request: UserRequest, pk: int) -> HttpResponse:
    """What was recognised wrongly is put right, and the file read again."""
    upload = upload_of(request, pk)
    facts = FactsForm(request.user, request.POST, upload=upload)
    tables = table_forms(upload, request.POST, Choices())
    if not all([facts.is_valid(), *(form.is_valid() for form in tables)]):
        return _page(request, upload, facts=facts, tables=tables)
    cleaned = facts.cleaned_data
    try:
        with transaction.atomic():
            corrected = correct_upload(
                by=request.user,
                upload=upload,
                seen=cleaned["seen"],
                facts=Facts(cleaned["source"], cleaned["released_on"]),
                changes={form.table["position"]: form.changes for form in tables},
            )
            _process(corrected)
    except UploadError as error:
        messages.error(request, upload_error(error.code, error.params))
    return redirect("indicators:upload-detail", pk)


@action_required(Action.UPLOAD)
@require_POST
def upload_explain(request: UserRequest, pk: int) -> HttpResponse:
    """Names that were not understood are explained, units that disagree decided upon."""
    upload = upload_of(request, pk)
    questions = QuestionsForm(request.POST, upload=upload, choices=Choices())
    if not questions.is_valid():
        return _page(request, upload, questions=questions)
    try:
        with transaction.atomic():
            explained = explain_names(
                upload=upload, names=questions.explained, conversions=questions.conversions, by=request.user
            )
            _process(explained)
    except (UploadError, LearningError) as error:
        messages.error(request, upload_error(error.code, error.params))
    return redirect("indicators:upload-detail", pk)


@action_required(Action.UPLOAD)
@require_POST
def upload_forget_name(request: UserRequest, pk: int, name: int) -> HttpResponse:
    """A name that this upload used was explained wrongly."""
    upload = upload_of(request, pk)
    used = LearntName.objects.filter(pk__in=upload.findings.get("learnt", []))
    return _forgotten(request, upload, get_object_or_404(used, pk=name))


@action_required(Action.UPLOAD)
@require_POST
def upload_forget_layout(request: UserRequest, pk: int, mapping: int) -> HttpResponse:
    """A table of this upload was read as an earlier one was corrected, and should not be."""
    upload = upload_of(request, pk)
    used = TableMapping.objects.filter(pk__in=[table.get("mapping") for table in upload.recognised])
    return _forgotten(request, upload, get_object_or_404(used, pk=mapping))


def _forgotten(request: UserRequest, upload: Upload, what: LearntName | TableMapping) -> HttpResponse:
    try:
        with transaction.atomic():
            _process(forget(upload=upload, what=what, by=request.user))
    except UploadError as error:
        messages.error(request, upload_error(error.code, error.params))
    return redirect("indicators:upload-detail", upload.pk)


def _process(upload: Upload) -> None:
    """Has a worker read it, if that is what it waits for."""
    if upload.state == Upload.State.RECEIVED:
        transaction.on_commit(lambda: process(upload))


def _page(request: UserRequest, upload: Upload, **forms: Any) -> HttpResponse:
    """The page with what was sent in and what is wrong with it; nothing that was typed is lost."""
    return render(request, "indicators/upload_detail.html", page_of(request, upload, **forms), status=422)
