"""The reply to an inquiry as a Word letter, for those who may read the reply."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import Action, Reader, may
from papers.contents.pictures import picture_of_reply
from papers.models import LetterTemplate
from papers.replies import reply_docx
from papers.services.templates import template_for
from programmes.answers import reply_context
from programmes.models import Inquiry

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
AT_WORK = (Action.ANSWER_INQUIRY, Action.APPROVE_INQUIRY, Action.ASSIGN_INQUIRY)


@require_safe
def reply_letter(request: HttpRequest, code: str) -> HttpResponse:
    """The letter, in its own language, from the template of the reader's organisation."""
    inquiry = get_object_or_404(Inquiry, code=code)
    if not _may_read(request.user, inquiry):
        raise Http404
    template = template_for(LetterTemplate.Kind.REPLY, request.user)
    content = reply_docx(reply_context(inquiry), template, picture_of_reply)
    headers = {"Content-Disposition": f'attachment; filename="reply-{code}.docx"'}
    return HttpResponse(content, content_type=DOCX, headers=headers)


def _may_read(user: Reader, inquiry: Inquiry) -> bool:
    """Published replies are for everybody, drafts for those who answer."""
    if inquiry.is_published or not isinstance(user, User):
        return inquiry.is_published
    return any(may(user, action, inquiry.territory, inquiry.organisation) for action in AT_WORK)
