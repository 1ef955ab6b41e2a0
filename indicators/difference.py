"""The difference that an upload makes, figure by figure: as the URL asks for it, in pages and as CSV."""

import csv
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.collation import sort_key
from common.formats import guarded
from common.names import NAMES
from indicators.models import Indicator, StagedFigure, Upload
from indicators.models.uploads import RELATIVE_CHANGE
from indicators.periods import Period, period_code
from indicators.services.uploading import cell_address
from indicators.writing import written

Change = StagedFigure.Change
PAGE = 100
MOST_COUNTED = 10_000
"""Beyond so many figures found by a search nobody counts them: there are simply more."""


class DifferenceForm(forms.Form):
    """Which figures are shown; behind each choice stands how many there are."""

    indicator = forms.ChoiceField(required=False, label=_("Indicator"))
    territory = forms.ChoiceField(required=False, label=_("Territory"))
    period = forms.ChoiceField(required=False, label=_("Period"))
    text = forms.CharField(
        required=False, max_length=100, label=_("Text"),
        help_text=_("In the cell, or in the name of the territory or indicator."),
    )  # fmt: skip
    doubtful = forms.BooleanField(required=False, label=_("Only doubtful figures"))
    largest = forms.BooleanField(required=False, label=_("Largest relative change first"))
    show = forms.ChoiceField(required=False, choices=Change, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, difference: "Difference") -> None:
        super().__init__(data)
        for name in ("indicator", "territory", "period"):
            choices = [("", _("all")), *difference.choices(name)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if difference.show != Change.CHANGED:
            del self.fields["largest"]
        if difference.show not in {Change.NEW, Change.CHANGED} or not difference.upload.findings.get(
            "doubtful"
        ):
            del self.fields["doubtful"]


class Difference:
    """The staged figures of an upload that a query string asks for."""

    most_counted = MOST_COUNTED

    def __init__(self, upload: Upload, asked: QueryDict) -> None:
        self.upload, self.asked = upload, asked
        chosen = asked.get("show", "")
        self.show = chosen if chosen in Change.values else first_of_interest(upload)
        self.form = DifferenceForm(asked, difference=self)
        self.form.is_valid()

    def choices(self, name: str) -> list[tuple[str, str]]:
        """The values of a filter, each with the number of its figures among those of the kind shown."""
        tally = self._tally(name)
        if name == "period":
            return [(code, f"{code} ({written(tally[code], 0)})") for code in sorted(tally, reverse=True)]
        model: Any = Indicator if name == "indicator" else Territory
        rows = model.objects.in_bulk([int(pk) for pk in tally])
        named = [(row.code, f"{row.name} ({written(tally[str(pk)], 0)})") for pk, row in rows.items()]
        return sorted(named, key=lambda choice: sort_key(choice[1]))

    @property
    def counts(self) -> list[tuple[str, str, int, str]]:
        """Each kind of change, its number, and the query string that shows it with the same filters."""
        return [
            (value, str(label), self.upload.counts.get(value, 0), self._query(show=value))
            for value, label in Change.choices
        ]

    @property
    def is_narrowed(self) -> bool:
        """Whether a search leaves some figures out."""
        return bool(self._filters or self._cleaned.get("text") or self._cleaned.get("doubtful"))

    @property
    def query(self) -> str:
        """The query string of what is shown, without the page."""
        return self._query(show=self.show)

    @property
    def rows(self) -> QuerySet[StagedFigure]:
        """The figures asked for, in the order of the file unless the largest changes come first."""
        rows = self.upload.figures.filter(change=self.show)
        for name, value in self._filters.items():
            if name == "period":
                period = Period.parse(value)
                rows = rows.filter(frequency=period.frequency.value, period_start=period.start)
            else:
                rows = rows.filter(**{f"{name}__code": value})
        if self._cleaned.get("doubtful"):
            rows = rows.filter(details__has_key="warnings")
        if text := self._cleaned.get("text"):
            rows = rows.filter(self._containing(text))
        if self._cleaned.get("largest") and self.show == Change.CHANGED:
            return rows.order_by(RELATIVE_CHANGE.desc(), "pk")
        return rows.order_by("pk")

    def page(self, number: str | None) -> Page[int]:
        """A page of the ids of the figures asked for."""
        return _Counted(self.rows.values_list("pk", flat=True), PAGE, self._count()).get_page(number)

    def figures(self, page: Page[int]) -> list[StagedFigure]:
        """The figures of a page, with all that is shown of them."""
        figures = (
            StagedFigure.objects.select_related("indicator__unit", "territory", "breakdown")
            .prefetch_related("breakdown__categories")
            .in_bulk(list(page.object_list))
        )
        return [figures[pk] for pk in page.object_list]

    def csv(self) -> Iterator[str]:
        """The lines of a CSV file of everything asked for."""
        writer = csv.writer(_Echo())
        yield "\ufeff" + writer.writerow(CSV_COLUMNS.values())
        rows = self.rows.annotate(problem_text=F("details__text")).values_list(*CSV_FIELDS)
        for sheet, row, column, frequency, start, *cells in rows.iterator(chunk_size=2_000):
            place = cell_address(sheet, row, column)
            period = period_code(frequency, start) if start else ""
            yield writer.writerow(["" if cell is None else _cell(cell) for cell in (place, period, *cells)])

    @cached_property
    def _cleaned(self) -> dict[str, Any]:
        return self.form.cleaned_data

    @cached_property
    def _filters(self) -> dict[str, str]:
        return {
            name: value for name in ("indicator", "territory", "period") if (value := self._cleaned.get(name))
        }

    def _tally(self, name: str) -> dict[str, int]:
        tallies: dict[str, dict[str, dict[str, int]]] = self.upload.findings.get("tallies", {})
        return tallies.get(self.show, {}).get(name, {})

    def _count(self) -> int:
        """How many figures there are; counted only where the worker has not done it, and not without end."""
        if not self.is_narrowed:
            return int(self.upload.counts.get(self.show, 0))
        return self.rows.order_by()[: MOST_COUNTED + 1].count()

    def _containing(self, text: str) -> Q:
        named = Q()
        for name in NAMES:
            named |= Q(**{f"{name}__icontains": text})
        return (
            Q(raw__icontains=text)
            | Q(territory__in=Territory.objects.filter(named))
            | Q(indicator__in=Indicator.objects.filter(named))
        )

    def _query(self, **changed: str) -> str:
        asked = self.asked.copy()
        asked.pop("page", None)
        for name, value in changed.items():
            asked[name] = value
        return asked.urlencode()


class _Counted(Paginator):  # type: ignore[type-arg] # no parameters at run time
    """A paginator that is told how many rows there are."""

    def __init__(self, rows: Any, size: int, count: int) -> None:
        super().__init__(rows, size)
        self.__dict__["count"] = count


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


CSV_COLUMNS = {
    "cell": "cell", "period": "period", "indicator__code": "indicator", "territory__code": "territory",
    "territory__name_ru": "territory_name", "breakdown__code": "breakdown", "raw": "as_written",
    "value": "value", "status": "status", "old_value": "published_value", "old_status": "published_status",
    "change": "change", "problem": "problem", "problem_text": "problem_text",
}  # fmt: skip
CSV_FIELDS = ("sheet", "row", "column", "frequency", "period_start", *list(CSV_COLUMNS)[2:])


def _cell(value: Any) -> str:
    return guarded(str(value))


def first_of_interest(upload: Upload) -> str:
    """What is looked at first: what would be overwritten, then what is refused, then what is new."""
    order = (Change.CHANGED, Change.REJECTED, Change.NEW, Change.UNCHANGED)
    return next((kind.value for kind in order if upload.counts.get(kind.value)), Change.NEW.value)
