"""How reporting forms, reports and their entries are written in the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from common.rest.fields import ExactNumber, TextsSerializer
from common.rest.problems import FlawSerializer, ProblemSerializer
from indicators.desk import LineId, ReportId
from indicators.fields import FREQUENCIES, Status
from indicators.filters import TOTAL
from indicators.models import Entry, FormLine, Report, ReportingForm
from indicators.periods import Period
from indicators.reported import NOT_BEGUN, STATES
from indicators.services.entering_many import OUTCOMES, Outcome
from indicators.services.warning import Warning
from indicators.sheets import Beside, Sheet
from indicators.warning_texts import warning_text

Json = dict[str, Any]
LONGEST_COMMENT = 500
BREAKDOWN = "`DIMENSION=CATEGORY`, joined with `&`; `_T` for the total."


class LineSerializer(serializers.Serializer[Any]):
    """A line of a form."""

    indicator = serializers.CharField()
    breakdown = serializers.CharField(help_text=BREAKDOWN)
    unit = serializers.CharField()
    minimum = ExactNumber(allow_null=True, help_text="The least possible figure; null where there is none.")
    maximum = ExactNumber(allow_null=True)


class ReportingFormSerializer(serializers.Serializer[Any]):
    """What an organisation reports."""

    code = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the request.")
    names = TextsSerializer()
    organisation = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    frequency = serializers.ChoiceField(FREQUENCIES)
    requires_evidence = serializers.BooleanField(
        help_text="Whether changes of published figures need a file."
    )
    territories = serializers.ListField(
        child=serializers.CharField(), help_text="Those that are yours to fill in."
    )
    periods = serializers.ListField(
        child=serializers.CharField(), help_text="The last six that can be filled in, the newest first."
    )
    lines = LineSerializer(many=True)


class WarningSerializer(serializers.Serializer[Any]):
    """Something doubtful in a figure: it is stored, but needs a comment before the report is submitted."""

    code = serializers.CharField()
    detail = serializers.CharField(help_text="The question, in the language of the request.")


class SavedSerializer(serializers.Serializer[Any]):
    """What somebody saved in a cell."""

    value = ExactNumber(allow_null=True)
    status = serializers.ChoiceField(Status.choices)
    comment = serializers.CharField()
    version = serializers.IntegerField(help_text="0 where nothing was saved yet.")
    author = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)


class EntrySerializer(SavedSerializer):
    """A figure of a report."""

    id = serializers.CharField(help_text="`form:territory:period:indicator:breakdown`.")
    form = serializers.CharField()
    territory = serializers.CharField()
    period = serializers.CharField()
    indicator = serializers.CharField()
    breakdown = serializers.CharField(help_text=BREAKDOWN)
    evidence = serializers.CharField(help_text="The name of the file beside it; empty without one.")
    returned = serializers.CharField(help_text="Why the approver returned it; empty if he did not.")
    state = serializers.ChoiceField(Report.State.choices, help_text="That of its report.")


class JudgedEntrySerializer(EntrySerializer):
    """A figure of a report, with what is doubtful in it."""

    warnings = WarningSerializer(many=True)


class PublishedSerializer(serializers.Serializer[Any]):
    """What is published at the place of a cell."""

    value = ExactNumber(allow_null=True)
    status = serializers.ChoiceField(Status.choices)


class CellSerializer(LineSerializer, SavedSerializer):
    """A line of a report: what is typed, what is published, what is doubtful."""

    id = serializers.CharField(help_text="That of the entry.")
    evidence = serializers.CharField()
    returned = serializers.CharField()
    published = PublishedSerializer(allow_null=True)
    warnings = WarningSerializer(many=True)


class ReportSerializer(serializers.Serializer[Any]):
    """A form filled in for a territory and a period."""

    id = serializers.CharField(help_text="`form:territory:period`.")
    form = serializers.CharField()
    territory = serializers.CharField()
    period = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    due_on = serializers.DateField()
    is_late = serializers.BooleanField()
    submitted_by = serializers.CharField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    return_reason = serializers.CharField()


class FullReportSerializer(ReportSerializer):
    """A report with its lines."""

    lines = CellSerializer(many=True)


class ConflictProblemSerializer(ProblemSerializer):
    """Somebody else saved the figure meanwhile: both figures with their authors."""

    yours = SavedSerializer()
    theirs = SavedSerializer(allow_null=True)


class RowFlawSerializer(FlawSerializer):
    """What is wrong with a row."""

    row = serializers.IntegerField(required=False, help_text="Counted from 1.")
    theirs = SavedSerializer(required=False, allow_null=True, help_text="What somebody else saved meanwhile.")


class RowsProblemSerializer(ProblemSerializer):
    """Rows that keep all of them from being stored."""

    errors = RowFlawSerializer(many=True)


class RowSerializer(serializers.Serializer[Any]):
    """What became of a row."""

    row = serializers.IntegerField(help_text="Counted from 1.")
    id = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField([(word, word) for word in OUTCOMES])
    version = serializers.IntegerField(allow_null=True)
    warnings = WarningSerializer(many=True)
    problems = RowFlawSerializer(many=True)


class BulkSerializer(serializers.Serializer[Any]):
    """What became of many figures."""

    mode = serializers.ChoiceField(["all_or_nothing", "per_row"])
    dry_run = serializers.BooleanField(help_text="true: nothing was stored.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Rows by outcome.")
    rows = RowSerializer(many=True)


class SentSerializer(serializers.Serializer[Any]):
    """What is to stand in a cell: the whole of it."""

    value = ExactNumber(allow_null=True, help_text="As a number, or as a text where every digit counts.")
    status = serializers.ChoiceField(Status.choices, required=False, default=Status.NORMAL.value)
    comment = serializers.CharField(required=False, default="", max_length=LONGEST_COMMENT)


class SentRowSerializer(SentSerializer):
    """A cell, and what is to stand in it."""

    form = serializers.CharField()
    territory = serializers.CharField()
    period = serializers.CharField()
    indicator = serializers.CharField()
    breakdown = serializers.CharField(required=False, default=TOTAL, help_text=BREAKDOWN)
    version = serializers.IntegerField(
        required=False, min_value=0, help_text="The one that you saw; left out or 0 where there was none."
    )


class SentRowsSerializer(serializers.Serializer[Any]):
    """Up to 10,000 cells."""

    entries = SentRowSerializer(many=True)


def form_json(
    form: ReportingForm, lines: list[FormLine], territories: list[str], periods: list[Period]
) -> Json:
    """A `ReportingFormSerializer`."""
    return {
        "code": form.code,
        "name": form.name,
        "names": {code: getattr(form, f"name_{code}") for code in ("kk", "ru", "en")},
        "organisation": form.organisation.code,
        "source": form.source.code,
        "frequency": form.frequency,
        "requires_evidence": form.requires_evidence,
        "territories": territories,
        "periods": [str(period) for period in periods],
        "lines": [_line(line) for line in lines],
    }


def _line(line: FormLine) -> Json:
    indicator = line.indicator
    return {
        **LineId.of(line)._asdict(),
        "unit": indicator.unit.code,
        "minimum": indicator.minimum,
        "maximum": indicator.maximum,
    }


def saved_json(entry: Entry | None) -> Json:
    """A `SavedSerializer`."""
    if entry is None:
        return {"value": None, "status": Status.NORMAL.value, "comment": "", "version": 0,
                "author": None, "at": None}  # fmt: skip
    return {
        "value": entry.value,
        "status": entry.status,
        "comment": entry.comment,
        "version": entry.version,
        "author": str(entry.changed_by),
        "at": entry.changed_at,
    }


def entry_json(entry: Entry) -> Json:
    """An `EntrySerializer`."""
    report, line = ReportId.of(entry.report), LineId.of(entry)
    return {
        "id": f"{report}:{line}",
        **report._asdict(),
        **line._asdict(),
        **saved_json(entry),
        "evidence": entry.evidence_name,
        "returned": entry.returned,
        "state": entry.report.state,
    }


def warnings_json(warnings: list[Warning], place: Entry | FormLine) -> list[Json]:
    """`WarningSerializer`s."""
    return [
        {"code": warning.check.value, "detail": warning_text(warning, place.indicator)}
        for warning in warnings
    ]


def report_json(report: Report) -> Json:
    """A `ReportSerializer`."""
    key = ReportId.of(report)
    return {
        "id": str(key),
        **key._asdict(),
        "state": report.state if report.pk else NOT_BEGUN,
        "due_on": report.due_on,
        "is_late": report.is_late(timezone.localdate()),
        "submitted_by": str(report.submitted_by) if report.submitted_by else None,
        "submitted_at": report.submitted_at,
        "decided_by": str(report.decided_by) if report.decided_by else None,
        "decided_at": report.decided_at,
        "return_reason": report.return_reason,
    }


def full_report_json(sheet: Sheet, report: Report) -> Json:
    """A `FullReportSerializer`; the sheet is that of the report alone."""
    lines = []
    for _report, line, key in sheet.cells():
        entry, published = sheet.entries.get(key), sheet.beside.get(key, Beside()).published
        lines.append(
            {
                "id": f"{ReportId.of(report)}:{LineId.of(line)}",
                **_line(line),
                **saved_json(entry),
                "evidence": entry.evidence_name if entry else "",
                "returned": entry.returned if entry else "",
                "published": published and {"value": published.value, "status": published.status},
                "warnings": warnings_json(sheet.warnings.get(key, []), line),
            }
        )
    return {**report_json(report), "lines": lines}


def row_json(outcome: Outcome, problems: list[Json]) -> Json:
    """A `RowSerializer`."""
    entry = outcome.entry
    return {
        "row": outcome.row.number,
        "id": f"{outcome.row.report}:{outcome.row.line}",
        "outcome": outcome.done,
        "version": entry.version if entry else None,
        "warnings": warnings_json(outcome.warnings, entry) if entry else [],
        "problems": problems,
    }
