"""A sheet as the browser's grid reads it: plain JSON, texts in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from accounts.models import User
from indicators.fields import MISSING_STATUSES, Status
from indicators.models import Entry, FormLine, Observation, Report
from indicators.periods import Period
from indicators.services.entering import Place
from indicators.sheet_texts import SHEET_TEXTS
from indicators.sheets import Beside, Key, Sheet
from indicators.warning_texts import warning_text

Json = dict[str, Any]


def sheet_state(sheet: Sheet, user: User) -> Json:
    """The whole sheet."""
    address = {"code": sheet.form.code, "period": str(sheet.period)}
    pages = ("save", "state", "submit", "evidence", "reopen", "template")
    return {
        "version": 1,
        "user": user.email,
        "form": sheet.form.code,
        "period": str(sheet.period),
        "decimal": str(get_format("DECIMAL_SEPARATOR")),
        "urls": {name: reverse(f"indicators:sheet-{name}", kwargs=address) for name in pages},
        "reports": reports_state(sheet.reports),
        "lines": [_line(line) for line in sheet.lines],
        "statuses": [
            {"code": code, "label": str(label), "missing": code in MISSING_STATUSES}
            for code, label in Status.choices
        ],
        "cells": cells_state(sheet),
        "checks": checks_state(sheet),
        "texts": {name: str(text) for name, text in SHEET_TEXTS.items()},
    }


def reports_state(reports: Iterable[Report]) -> list[Json]:
    """Each report under the id of its territory: a report that is not begun has none of its own."""
    today = timezone.localdate()
    return [
        {
            "id": report.territory_id,
            "territory": report.territory.name,
            "state": report.state,
            "state_label": report.get_state_display(),
            "locked": _why_locked(report),
            "late": report.is_late(today),
            "return_reason": report.return_reason if report.state == Report.State.RETURNED else "",
        }
        for report in reports
    ]


def _why_locked(report: Report) -> str:
    if report.state == Report.State.SUBMITTED:
        return _("Submitted on %(day)s by %(who)s: it waits for a decision.") % {
            "day": _day(report.submitted_at),
            "who": report.submitted_by,
        }
    if report.state == Report.State.APPROVED:
        return _("Approved and published on %(day)s. Reopen it to correct a figure.") % {
            "day": _day(report.decided_at)
        }
    return ""


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT") if moment else ""


def _line(line: FormLine) -> Json:
    indicator = line.indicator
    return {
        "id": line.pk,
        "indicator": indicator.name,
        "breakdown": line.breakdown.label if line.breakdown.code else "",
        "unit": indicator.unit.symbol,
        "minimum": _plain(indicator.minimum),
        "maximum": _plain(indicator.maximum),
        "decimals": indicator.decimals,
    }


def cells_state(sheet: Sheet) -> dict[str, Json]:
    """The cells, each under the ids of its territory and line."""
    return {cell_key(key, line): _cell(sheet, key, line) for _report, line, key in sheet.cells()}


def cell_key(key: Key, line: FormLine) -> str:
    """The cell's name in the browser."""
    return f"{key[0]}:{line.pk}"


def _cell(sheet: Sheet, key: Key, line: FormLine) -> Json:
    beside = sheet.beside.get(key, Beside())
    official = beside.official
    return {
        **entry_state(sheet.entries.get(key)),
        "warnings": [
            {"code": warning.check.value, "text": warning_text(warning, line.indicator)}
            for warning in sheet.warnings.get(key, [])
        ],
        "before": [_earlier(sheet, row) for row in beside.before],
        "published": _observation(sheet.period, beside.published) if beside.published else None,
        "bureau": _observation(sheet.period_of(official), official) if official else None,
    }


def entry_state(entry: Entry | None) -> Json:
    """What is typed in a cell, by whom and when."""
    if entry is None:
        return {"value": None, "status": Status.NORMAL.value, "comment": "", "version": 0,
                "author": "", "at": "", "evidence": None, "returned": ""}  # fmt: skip
    evidence = {"name": entry.evidence_name, "url": reverse("indicators:entry-evidence", args=[entry.pk])}
    return {
        "value": _plain(entry.value),
        "status": entry.status,
        "comment": entry.comment,
        "version": entry.version,
        "author": str(entry.changed_by),
        "at": entry.changed_at.isoformat(),
        "evidence": evidence if entry.evidence else None,
        "returned": entry.returned,
    }


def _observation(period: Period, row: Observation) -> Json:
    return {"label": str(period), "value": _plain(row.value), "status": row.status}


def _earlier(sheet: Sheet, row: Observation) -> Json:
    """An earlier figure; its source is named where it is not the form's own."""
    is_own = row.series.source_id == sheet.form.source_id
    return {**_observation(sheet.period_of(row), row), "source": "" if is_own else row.series.source.name}


def _plain(value: Any) -> str | None:
    """A figure with a point and without powers of ten."""
    return None if value is None else f"{value:f}"


def checks_state(sheet: Sheet) -> list[Json]:
    """What is doubtful in several cells together."""
    lines: dict[Place, FormLine] = {line.place: line for line in sheet.lines}
    return [
        {
            "report": key[0],
            "text": f"{line.indicator.name}: {warning_text(warning, line.indicator)}",
            "cells": [cell_key(key, line)],
        }
        for key, warnings in sheet.warnings.items()
        for warning in warnings
        if warning.is_sum and (line := lines.get(key[1:])) is not None
    ]
