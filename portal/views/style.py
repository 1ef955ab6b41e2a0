"""The living style page: every token and component, from the files and templates that the other pages use."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.samples import Sample
from programmes.models import Kpi
from programmes.overview import KpiRow, kpi_rows, own_standings, rollups
from programmes.templatetags.standings import LOOKS

TOKENS: Path = settings.BASE_DIR / "static/css/tokens.css"
ROWS = 4
NOTICES = ("", "good", "risk", "bad")


class Token(NamedTuple):
    """A custom property of tokens.css: its value in the light scheme, and in the dark one if another."""

    name: str
    value: str
    dark: str

    @property
    def is_colour(self) -> bool:
        """Whether it is a colour."""
        return self.value.startswith("#")

    @property
    def is_space(self) -> bool:
        """Whether it is a distance of the grid."""
        return bool(re.fullmatch(r"s\d", self.name))


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Colours, type, space, standings, controls, tables, charts, and how nothing and errors look."""
    tokens = list(_tokens(TOKENS.read_text()))
    rows = _rows(timezone.localdate())
    counts: Mapping[str, int] = max((each.counts for each in rollups().values()), key=len, default={})
    context = {
        "colours": [token for token in tokens if token.is_colour],
        "spaces": [token for token in tokens if token.is_space],
        "others": [token for token in tokens if not token.is_colour and not token.is_space],
        "standings": list(LOOKS),
        "counts": counts,
        "form": Sample({"words": "Әл", "year": "2024", "value": _("many")}),
        "notices": NOTICES,
        "rows": rows,
        "programme": rows[0].kpi.programme if rows else None,
        "page": Paginator(range(100), 10).page(2),
    }
    return render(request, "portal/style.html", context)


def _rows(today: dt.date) -> list[KpiRow]:
    """A few promises of one programme that have figures, with different standings where there are such."""
    judged = Kpi.objects.filter(territory__isnull=False, standings__actual__isnull=False)
    first = judged.order_by("programme", "order").first()
    if first is None:
        return []
    kpis = judged.filter(programme=first.programme_id).order_by("standings__standing", "order")
    whole = kpis.select_related("programme", "indicator__unit", "territory", "group")
    different: dict[str, KpiRow] = {}
    for row in kpi_rows(whole.prefetch_related("targets", own_standings())[:60], today):
        if row.standing is not None:
            different.setdefault(row.standing.standing, row)
    return list(different.values())[:ROWS]


def _tokens(css: str) -> Iterator[Token]:
    """The tokens in the order of the file."""
    light, _media, dark = css.partition("@media (prefers-color-scheme: dark)")
    darker: dict[str, Any] = dict(re.findall(r"--([\w-]+):\s*([^;]+);", dark))
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", light):
        yield Token(name, value, darker.get(name, ""))
