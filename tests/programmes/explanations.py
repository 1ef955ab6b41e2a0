"""What the tests of explanations share: rows explained, what is wrong with them, figures published."""

import datetime as dt
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from indicators.models import Source
from indicators.services.publishing import Figure, publish
from programmes.explaining import Explanation, explain
from programmes.explaining.facts import Fact
from programmes.explaining.formulas import Comparison, figures_in, holds, value_of
from programmes.explaining.inputs import Input
from programmes.explaining.sentences import with_figures
from programmes.models import GroupProgress, GroupStanding, Kpi, Progress, Standing
from programmes.services.recomputing import recompute

NEET = "/en/programmes/almaty-2025/kpis/KPI-7/"
TOWNS = "/en/programmes/monotowns-2012-2020/kpis/M-2/"
MONTHS = {"": 1, "Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10}


def kpi_of(programme: str, code: str) -> Kpi:
    """The KPI with what an explanation has at hand."""
    related = Kpi.objects.select_related("programme", "indicator__unit", "breakdown", "group")
    parts = ("targets__act", "targets__citations__document", "baseline_citations__document")
    return related.prefetch_related(*parts).get(programme__code=programme, code=code)


def explained(kpi: Kpi, territory: str, year: int) -> Explanation:
    """The explanation of a stored row."""
    row = Progress.objects.get(kpi=kpi, territory__code=territory, year=year)
    standing = Standing.objects.select_related("series").get(kpi=kpi, territory=row.territory_id)
    return explain(kpi, row, standing, timezone.localdate(), kpi.discrepancies.all())


def of_group(kpi: Kpi, year: int) -> Explanation:
    """The explanation of the group's row."""
    row = GroupProgress.objects.get(kpi=kpi, year=year)
    return explain(kpi, row, GroupStanding.objects.get(kpi=kpi), timezone.localdate(), ())


def input_of(explanation: Explanation, code: str) -> Input:
    return next(each for each in explanation.inputs if each.code == code)


def fact_of(explanation: Explanation, code: str) -> Fact:
    return next(each for each in explanation.facts if each.code == code)


def flaws_of(explanation: Explanation) -> Iterator[str]:
    """Where the arithmetic that is shown does not give what is stored, or leads nowhere."""
    for fact in explanation.facts:
        if isinstance(fact.formula, Comparison):
            if (not fact.reason or fact.code == "standing") and holds(fact.formula) is not True:
                yield f"{fact.code}: {with_figures(fact.formula)} does not hold"
        elif fact.value is not None:
            value = value_of(fact.formula) if fact.formula else None
            if value is None or not math.isclose(value, fact.value, rel_tol=1e-9, abs_tol=1e-9):
                yield f"{fact.code}: {value} is not {fact.value}"
        if fact.value is None and not fact.word and not (fact.reason and fact.cure):
            yield f"{fact.code}: neither a result nor a reason with a cure"
    for each in explanation.inputs:
        value = value_of(each.formula) if each.formula and not isinstance(each.formula, Comparison) else None
        known = (value, each.value)
        if None not in known and not math.isclose(*known, rel_tol=1e-9, abs_tol=1e-9):  # type: ignore[arg-type]
            yield f"{each.code}: {value} is not {each.value}"
        if each.basis == "published" and not each.figures:
            yield f"{each.code}: no origin"
    parts: list[Fact | Input] = [*explanation.facts, *explanation.inputs]
    named = {figure.code for part in parts for figure in figures_in(part.formula)} - {""}
    yield from (f"{code} leads nowhere" for code in named - {part.code for part in parts})


def published(kpi: Kpi, territory: int, figures: dict[str, str], **how: Any) -> None:
    """Publishes figures of the KPI by the Bureau; a period is written as SDMX writes it."""
    source = Source.objects.get(code="bureau").pk
    new = []
    for period, value in figures.items():
        year, _dash, part = period.partition("-")
        start = dt.date(int(year), MONTHS[part], 1)
        key = (kpi.indicator_id, territory, kpi.breakdown_id, source, part[:1] or "A", start)
        new.append(Figure(*key, Decimal(value), "A", how.get("origin", "test"), how.get("entry")))
    publish(new, reason="corrected", upload=how.get("upload"), released_on=how.get("released_on"))
    recompute([kpi.pk])


def words_of(client: Client, path: str) -> str:
    """The explanation on the page, without markup."""
    response = client.get(path)
    assert response.status_code == 200, path
    html = response.content.decode().partition('id="computed"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))
