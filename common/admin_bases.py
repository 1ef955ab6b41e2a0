"""What the administration's pages have in common: names, files in and out, history that stays as it is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm
from import_export.results import Result
from import_export.tmp_storages import CacheStorage

from common.admin_changes import ToldAdmin, imported, tell
from common.formats import FORMATS, UnreadableFileError
from common.names import NAMES, Named

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:
    TabularInline = admin.TabularInline

ModelAdmin = ToldAdmin
Fields = tuple[str, ...]


class NamedAdmin(ModelAdmin):
    """Rows with a code and a name in three languages, found by either."""

    list_display: Fields = ("code", "title")
    search_fields: ClassVar[Fields] = ("code", *NAMES)
    ordering: ClassVar[Fields] = ("code",)

    @admin.display(description=gettext_lazy("name"))
    def title(self, row: Named) -> str:
        """The name in the reader's language."""
        return row.name


class ReadOnlyAdmin(ModelAdmin):
    """Rows that are written elsewhere and only looked at here."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False


class Problem(NamedTuple):
    """Why a file cannot be imported: where in it, as a spreadsheet counts, and what is wrong."""

    row: int | None
    column: str
    value: str
    message: str


def problems_of(result: Result) -> Iterator[Problem]:
    """Everything wrong with a file: first with all of it, then row by row. The heading is row 1."""
    for error in result.base_errors:
        yield Problem(None, "", "", str(error.error))
    for failed in result.error_rows:
        for error in failed.errors:
            yield Problem(failed.number + 1, "", "", str(error.error))
    for invalid in result.invalid_rows:
        values = dict(zip(result.diff_headers, invalid.values, strict=True))
        for message in invalid.non_field_specific_errors:
            yield Problem(invalid.number + 1, "", "", message)
        for column, column_messages in invalid.field_specific_errors.items():
            for message in column_messages:
                yield Problem(invalid.number + 1, column, values.get(column, ""), message)


class PreviewStorage(CacheStorage):  # type: ignore[misc]
    """Where a file waits for a day, for every web process, while its preview is read."""

    def read(self) -> bytes:
        """The file; `FileNotFoundError` when it has been imported already or waited too long."""
        data: bytes | None = super().read()
        if data is None:
            raise FileNotFoundError(self.name)
        return data


class ExchangeAdmin(ImportExportMixin, NamedAdmin):  # type: ignore[misc]
    """Rows that come and go as files, too: upload, preview of the differences, confirmation."""

    formats = FORMATS
    export_form_class = ExportForm
    import_template_name = "admin/exchange/import.html"
    tmp_storage_class = PreviewStorage

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whoever may add rows and change them."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever may see the rows."""
        return self.has_view_permission(request)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, and the preview or the problems of a file."""
        response: HttpResponse = super().import_action(request, **kwargs)
        context = getattr(response, "context_data", None)
        if context and "result" in context:
            context["problems"] = list(problems_of(context["result"]))
        return response

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Says what to do with a file that cannot be read, where that is known."""
        if isinstance(e, UnreadableFileError):
            form.add_error("import_file", str(e))
        else:
            super().add_data_read_fail_error_to_form(form, e)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """A row that became invalid after the preview undoes the whole import."""
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Stores a file that has been previewed."""
        try:
            with transaction.atomic():
                response: HttpResponse = super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self._back_to_form(request, _("This file is no longer waiting to be imported."))
        return response

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Tells what was stored; nothing was where a problem came up."""
        if result.has_errors() or result.has_validation_errors():
            return self._back_to_form(
                request, _("Nothing was imported, because the data have changed since the preview.")
            )
        response: HttpResponse = super().process_result(result, request)
        return response

    def generate_log_entries(self, result: Result, request: HttpRequest) -> None:
        """Django's own log, and the audit trail."""
        super().generate_log_entries(result, request)
        tell(request, imported(result))

    def _back_to_form(self, request: HttpRequest, message: str) -> HttpResponse:
        messages.error(request, message + " " + _("Upload the file again."))
        return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
