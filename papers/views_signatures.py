"""Electronic signatures of papers: attached by those who may sign, fetched by those with a mandate."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action
from papers.messages import paper_error
from papers.models import Paper, PaperFile, PaperSignature
from papers.services.ordering import PaperError
from papers.services.signing import MOST_BYTES, attach_signature


class SignatureForm(forms.Form):
    """Which file was signed, and its signature."""

    file = forms.ModelChoiceField(
        PaperFile.objects.none(), to_field_name="format", empty_label=None, label=_("Signed file")
    )
    signature = forms.FileField(
        label=_("Signature"), help_text=_("A detached CMS signature, as NCALayer makes it (.p7s, .cms).")
    )

    def __init__(self, paper: Paper, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["file"]
        field.queryset = paper.files.all()  # type: ignore[attr-defined]
        field.label_from_instance = PaperFile.get_format_display  # type: ignore[attr-defined]


@action_required(Action.SIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_sign(request: UserRequest, pk: int) -> HttpResponse:
    """The form that attaches a signature to one of the paper's files."""
    paper = get_object_or_404(Paper.objects.defer("contents"), pk=pk, state=Paper.State.READY)
    form = SignatureForm(paper, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        content = given["signature"].read(MOST_BYTES + 1)  # no more is needed to see that it is too large
        try:
            attach_signature(file=given["file"], content=content, by=request.user)
        except PaperError as error:
            form.add_error("signature", paper_error({"code": error.code, **error.params}))
        else:
            return redirect("papers:paper-detail", pk)
    return render(request, "papers/paper_sign.html", {"paper": paper, "form": form})


@action_required(Action.ORDER)
@require_safe
def paper_signature(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """A signature as it was attached, for whoever checks it himself.

    Not for everybody: certificates of Kazakhstan's authority hold their owner's personal number.
    """
    papers = Paper.objects.visible_to(request.user)
    found = get_object_or_404(PaperSignature, pk=number, file__paper__in=papers.filter(pk=pk))
    headers = {"Content-Disposition": f'attachment; filename="bagdar-{pk}.{found.file.format}.p7s"'}
    return HttpResponse(bytes(found.content), content_type="application/pkcs7-signature", headers=headers)
