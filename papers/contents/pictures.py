"""The drawing of a KPI in a paper: the portal's own chart, with its figures as a table."""

import html
import re

from django.utils.translation import gettext as _

from papers.contents.judging import Span
from papers.document import Column, Picture, Table
from papers.writing import clean, figure, plain
from programmes import graphics
from programmes.explaining import Place
from programmes.overview import in_force

DESCRIPTION = re.compile(r"<desc\b[^>]*>(.*?)</desc>", re.DOTALL)


def picture_of(place: Place, span: Span) -> Picture | None:
    """The chart as the portal draws it; None where there are fewer than two figures."""
    svg = graphics.chart_svg(place, in_force(place.kpi.targets.all(), span.today), "wide")
    if svg is None:
        return None
    unit = place.kpi.indicator.unit.symbol
    told = DESCRIPTION.search(svg)
    caption = f"{clean(place.kpi.name)}, {clean(unit)}"
    return Picture(clean(svg), caption, clean(html.unescape(told[1])) if told else caption, _figures(place))


def _figures(place: Place) -> Table:
    unit, decimals = place.kpi.indicator.unit.symbol, place.kpi.indicator.decimals
    columns = [
        Column(_("Year"), 1, is_number=True),
        Column(_("Actual"), 2, is_number=True),
        Column(_("Target"), 2, is_number=True),
    ]
    rows = [
        [plain(year), figure(row.actual, decimals, unit=unit), figure(row.target, decimals, unit=unit)]
        for year, row in sorted(place.rows.items())
        if row.actual is not None or row.target is not None
    ]
    name = clean(place.kpi.name)
    return Table(name, columns, rows, sheet=clean(_("Figures by year")), part=name)
