"""Papers in the administration: what was made to look at, and Word templates to replace."""

import hashlib
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from common.admin_bases import ModelAdmin, ReadOnlyAdmin
from papers.models import LetterTemplate, Paper
from papers.services.templates import DEFAULTS, problems_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LetterTemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A template, checked before it is kept."""

    class Meta:
        model = LetterTemplate
        fields = ("kind", "organisation", "file", "is_active")

    def clean(self) -> dict[str, Any]:
        """Refuses a file that could not be filled in, naming everything that is wrong with it."""
        given: dict[str, Any] = super().clean() or {}
        file, kind = given.get("file"), given.get("kind")
        if file and kind:
            file.seek(0)
            content = file.read()
            for problem in problems_of(content, kind):
                self.add_error("file", problem)
            self.instance.sha256 = hashlib.sha256(content).hexdigest()
            file.seek(0)
        return given

    def clean_file(self) -> "File[bytes]":
        """The file; a name that is no document's is refused at once."""
        file: File[bytes] = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(".docx"):
            raise forms.ValidationError(
                _("A template is a Word document (DOCX), not a document with macros.")
            )
        return file


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ModelAdmin):
    """Word templates, and the portal's own to begin with."""

    form = LetterTemplateForm
    list_display = ("kind", "organisation", "is_active", "uploaded_at", "sha256")
    list_filter = ("kind", "is_active")
    readonly_fields: ClassVar[tuple[str, ...]] = ("sha256", "uploaded_at")
    autocomplete_fields: ClassVar[tuple[str, ...]] = ("organisation",)
    change_list_template = "admin/papers/lettertemplate/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """With the portal's own templates as files."""
        own = path(
            "default/<slug:kind>/",
            self.admin_site.admin_view(self.default_template),
            name="papers_lettertemplate_default",
        )
        return [own, *super().get_urls()]

    def default_template(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The portal's own template of the kind."""
        if kind not in DEFAULTS:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="bagdar-{kind}.docx"'}
        return HttpResponse(DEFAULTS[kind](), content_type=DOCX, headers=headers)


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    """Every paper, with what became of it."""

    list_display = ("__str__", "kind", "language", "state", "ordered_by", "ordered_at")
    list_filter = ("kind", "state", "language")
    exclude = ("contents",)
