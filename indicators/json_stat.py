"""Figures as JSON-stat 2.0: a cube with the names of its categories in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.renderers import BaseRenderer

from cities.models import Territory
from common.names import localised
from common.rest.problems import Flaw, Problem
from common.rest.rendering import encode
from indicators.fields import Status
from indicators.filters import TOTAL
from indicators.models import Breakdown, Indicator, Source

MOST_FIGURES = 100_000
"""In a cube, which is made in memory."""
DIMENSIONS = ("indicator", "territory", "breakdown", "source", "period")
Rows = list[Mapping[str, Any]]


class JsonStatRenderer(BaseRenderer):
    """JSON-stat 2.0 of a whole selection, which `MOST_FIGURES` bounds; it knows no pages."""

    media_type = "application/json"
    format = "json-stat"
    charset = None
    is_undivided = lists_only = True

    def whole(self, view: Any, queryset: Any) -> HttpResponseBase:
        """The cube; `Problem` where the selection is too large."""
        found = view.rows(queryset).order_by(*view.keyset)[: MOST_FIGURES + 1]
        rows: Rows = list(view.write(found))
        if len(rows) > MOST_FIGURES:
            detail = _("More than %(number)s figures are too many for a cube.") % {"number": MOST_FIGURES}
            cure = _("Narrow it by indicator=, territory= or period_from=, or ask for format=sdmx-csv.")
            raise Problem(Flaw("selection_too_large", "format", self.format, detail, cure))
        return HttpResponse(orjson.dumps(cube(rows), default=encode), content_type="application/json")


def cube(rows: Rows) -> dict[str, Any]:
    """The dataset. Cells without a figure are left out; `status` says what is no ordinary figure."""
    codes = {name: sorted({row[name] for row in rows}) for name in DIMENSIONS}
    sizes = [len(codes[name]) for name in DIMENSIONS]
    places = {name: {code: at for at, code in enumerate(codes[name])} for name in DIMENSIONS}
    values, statuses = {}, {}
    for row in rows:
        at = 0
        for name, size in zip(DIMENSIONS, sizes, strict=True):
            at = at * size + places[name][row[name]]
        values[str(at)] = row["value"]
        if row["status"] != Status.NORMAL:
            statuses[str(at)] = row["status"]
    updated = max((row["published_at"] for row in rows), default=None)
    return {
        "version": "2.0",
        "class": "dataset",
        "label": ", ".join(localised(each, "name") for each in _indicators(codes["indicator"])),
        **({"updated": updated} if updated else {}),
        "id": DIMENSIONS,
        "size": sizes,
        "role": {"time": ["period"], "geo": ["territory"], "metric": ["indicator"]},
        "dimension": _dimensions(codes),
        "value": values,
        "status": statuses,
        "extension": {"status": {"label": {code: str(label) for code, label in Status.choices}}},
    }


def _indicators(codes: Iterable[str]) -> list[Indicator]:
    return list(Indicator.objects.filter(code__in=codes).select_related("unit").order_by("code"))


def _dimensions(codes: Mapping[str, list[str]]) -> dict[str, Any]:
    indicators = _indicators(codes["indicator"])
    units = {each.code: {"label": each.unit.symbol, "decimals": each.decimals} for each in indicators}
    labels = {
        "indicator": {each.code: each.name for each in indicators},
        "territory": _names(Territory.objects.filter(code__in=codes["territory"])),
        "breakdown": _breakdowns(codes["breakdown"]),
        "source": _names(Source.objects.filter(code__in=codes["source"])),
        "period": {code: code for code in codes["period"]},
    }
    titles = (_("indicator"), _("territory"), _("breakdown"), _("source"), _("period"))
    found: dict[str, Any] = {
        name: {"label": title, "category": {"index": codes[name], "label": labels[name]}}
        for name, title in zip(DIMENSIONS, titles, strict=True)
    }
    found["indicator"]["category"]["unit"] = units
    return found


def _names(rows: Iterable[Any]) -> dict[str, str]:
    return {each.code: each.name for each in rows}


def _breakdowns(codes: Iterable[str]) -> dict[str, str]:
    stored = ["" if code == TOTAL else code for code in codes]
    found = Breakdown.objects.filter(code__in=stored).prefetch_related("categories")
    return {each.code or TOTAL: each.label for each in found}
