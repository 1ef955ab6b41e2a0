"""The drawing of a KPI in a paper: the portal's own chart, with its figures as a table."""

import html
import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from indicators.models import Indicator
from papers.contents.judging import Span
from papers.document import Column, Picture, Table
from papers.writing import clean, figure, plain
from programmes.answers import ChartInput, ChartRow, ReplyFigure
from programmes.charts import Figures
from programmes.explaining import Place
from programmes.graphics import Ground, figures_of, kpi_chart
from programmes.models import Kpi
from programmes.overview import in_force

DESCRIPTION = re.compile(r"<desc\b[^>]*>(.*?)</desc>", re.DOTALL)


def picture_of(place: Place, span: Span) -> Picture | None:
    """The chart as the portal draws it; None where there are fewer than two figures."""
    targets = in_force(place.kpi.targets.all(), span.today)
    figures = figures_of(place.kpi, Ground(place.rows, place.forecasts), targets, span.today)
    rows: list[ChartRow] = [(year, row.actual, row.target, row.expected) for year, row in place.rows.items()]
    return _picture(place.kpi, figures, place.kpi.name, rows)


def picture_of_reply(figure: ReplyFigure) -> Picture | None:
    """The chart of a frozen figure, of the years known on its day; None where too few are."""
    chart: ChartInput | None = figure.chart
    if chart is None:
        return None
    figures = Figures(
        actuals={year: actual for year, actual, _target, _expected in chart.rows if actual is not None},
        targets=[
            (year, target, None) for year, _actual, target, _expected in chart.rows if target is not None
        ],
        path=figure.frozen.kpi.path,
    )
    return _picture(figure.frozen.kpi, figures, f"{chart.title}, {figure.place}", chart.rows)


def _picture(kpi: Kpi, figures: Figures | None, name: str, rows: Sequence[ChartRow]) -> Picture | None:
    drawn = kpi_chart(kpi, figures)
    if drawn is None:
        return None
    svg, caption = clean(drawn.wide.svg), f"{clean(name)}, {clean(kpi.indicator.unit.symbol)}"
    told = DESCRIPTION.search(svg)
    words = clean(html.unescape(told[1])) if told else caption
    return Picture(svg, caption, words, _table(kpi.indicator, clean(name), rows))


def _table(indicator: Indicator, name: str, found: Sequence[ChartRow]) -> Table:
    unit, decimals = indicator.unit.symbol, indicator.decimals
    columns = [
        Column(_("Year"), 1, is_number=True),
        Column(_("Actual"), 2, is_number=True),
        Column(_("Target"), 2, is_number=True),
    ]
    rows = [
        [plain(year), figure(actual, decimals, unit=unit), figure(target, decimals, unit=unit)]
        for year, actual, target, _expected in sorted(found, key=lambda row: row[0])
        if actual is not None or target is not None
    ]
    return Table(name, columns, rows, sheet=clean(_("Figures by year")), part=name)
