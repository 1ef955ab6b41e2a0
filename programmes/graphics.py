"""A KPI's chart in the reader's language, from its rows of progress."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from indicators.writing import with_unit, written
from programmes.charts import NARROW, WIDE, Figures, Words, draw
from programmes.explaining import Place
from programmes.models import Kpi, Target

SIZES = {"wide": WIDE, "narrow": NARROW}


def figures_of(place: Place, targets: list[Target]) -> Figures | None:
    """What the chart shows, or None where there is nothing to show."""
    rows = place.rows.values()
    tops = {target.period.year: float(target.value_max) for target in targets if target.value_max is not None}
    first = next(iter(rows), None)
    baseline = None
    if first is not None and first.baseline is not None and first.baseline_year is not None:
        baseline = (first.baseline_year, first.baseline)
    levels = [(row.year, row.target, tops.get(row.year)) for row in rows if row.target is not None]
    actuals = {row.year: row.actual for row in rows if row.actual is not None}
    ends = [(each.year, each.low, each.high) for each in place.forecasts]
    forecast = [(year, low, high) for year, low, high in ends if low is not None and high is not None]
    return Figures(actuals, levels, baseline, place.kpi.path, forecast) if actuals or levels else None


def chart_svg(place: Place, targets: list[Target], size: str) -> SafeString | None:
    """The drawing as SVG text, or None where there are fewer than two figures."""
    figures = figures_of(place, targets)
    if figures is None:
        return None
    words = Words(_("actual"), _("target"), _("baseline"), _("expected path"))
    decimals = place.kpi.indicator.decimals
    chart = draw(
        figures, words, lambda value: written(value, max(decimals, _decimals_of(value))), SIZES[size]
    )
    if chart is None:
        return None
    context = {
        "chart": chart,
        "size": size,
        "title": place.kpi.name,
        "description": _describe(place.kpi, figures),
    }
    return mark_safe(render_to_string("programmes/chart.svg", context))  # noqa: S308 - our own template


def _decimals_of(value: float) -> int:
    """Decimals that a round tick of the axis needs."""
    return len(f"{value:.4f}".rstrip("0").split(".")[1]) if value == round(value, 4) else 0


def _describe(kpi: Kpi, figures: Figures) -> str:
    """The chart for those who cannot see it: its figures, one after another."""

    def series(name: str, pairs: list[tuple[int, float]]) -> str:
        listed = "; ".join(f"{year}: {with_unit(value, kpi.indicator)}" for year, value in pairs)
        return f"{name} – {listed}."

    targets = [(year, level) for year, level, _high in figures.targets]
    parts = [
        series(_("Baseline"), [figures.baseline]) if figures.baseline else "",
        series(_("Targets"), targets) if targets else "",
        series(_("Actuals"), sorted(figures.actuals.items())) if figures.actuals else "",
        series(_("Trend, lower end"), [(year, low) for year, low, _high in figures.forecast])
        if figures.forecast
        else "",
        series(_("Trend, upper end"), [(year, high) for year, _low, high in figures.forecast])
        if figures.forecast
        else "",
    ]
    return " ".join(filter(None, parts))
