"""Pulls Almaty's KPIs, draws one, and checks the portal's progress against its own targets and figures.

    python almaty.py https://HOST                        # draws almaty-2025:KPI-7 into kpi.svg
    python almaty.py https://HOST almaty-2025:KPI-4 kpi.svg

Attainment and distance are computed anew (docs/progress.md, section 3) where that needs nothing but annual
figures of one source: for levels that are to be reached from one side. Ends with 1 where a result is not the
portal's.
"""

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from bagdar import Bagdar, Kpi, Number, Progress, Target

PROGRAMME, DRAWN = "almaty-2025", "almaty-2025:KPI-7"
CLOSE = Decimal("1e-9")
Years = Mapping[int, Number]


# %% What is needed of one KPI


@dataclass(frozen=True)
class Promise:
    """A KPI with its targets and figures by year."""

    kpi: Kpi
    targets: Years
    figures: Years

    @property
    def sense(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.kpi["comparator"] == "at_least" else -1

    def baseline(self) -> tuple[int | None, Number | None]:
        """Year and figure that the way begins at: the document's, else the figure of its year."""
        period = self.kpi["baseline_period"]
        year = int(period[:4]) if period else None
        printed = self.kpi["baseline_value"]
        return year, printed if printed is not None else self.figures.get(year or 0)

    def attainment(self, year: int) -> Decimal | None:
        """The figure of the year by its target, the other way round where less is better."""
        target = self.targets.get(year)
        if target is None:
            return None
        above, below = (self.figures[year], target)[:: self.sense]
        return Decimal(above) / below if below > 0 and above >= 0 else None

    def distance(self, year: int) -> Decimal | None:
        """The part of the way from the baseline to the last target."""
        (start, base), last = self.baseline(), self.targets[max(self.targets)]
        if base is None or (start is not None and year < start) or (last - base) * self.sense <= 0:
            return None
        return Decimal(self.figures[year] - base) / (last - base)


def promises(portal: Bagdar) -> list[Promise]:
    """Those of the programme's KPIs that can be recomputed by simple means."""
    targets: dict[str, list[Target]] = defaultdict(list)
    for target in portal.targets(programme=PROGRAMME, in_force_on=f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"):
        targets[target["kpi"]].append(target)
    found = []
    for kpi in portal.kpis(programme=PROGRAMME):
        own = targets[kpi["id"]]
        is_simple = (kpi["form"], kpi["accumulation"]) == ("level", "level")
        if is_simple and kpi["comparator"] in {"at_least", "at_most"} and own and all(map(is_plain, own)):
            figures = figures_of(portal, kpi)
            if figures:
                found.append(Promise(kpi, {int(each["period"]): each["value"] for each in own}, figures))
    return found


def is_plain(target: Target) -> bool:
    """Whether the target is one level for a whole year."""
    return len(target["period"]) == 4 and target["value_max"] is None and not target["is_additional"]


def figures_of(portal: Bagdar, kpi: Kpi) -> Years:
    """Annual figures by year; none where several sources give some, of which the portal chooses one."""
    if kpi["indicator"] is None or kpi["territory"] is None:
        return {}
    rows = portal.observations(
        indicator=kpi["indicator"], territory=kpi["territory"], breakdown=kpi["breakdown"], frequency="A"
    )
    known = [row for row in rows if row["value"] is not None]
    if len({row["source"] for row in known}) != 1:
        return {}
    return {int(row["period"]): row["value"] for row in known if row["value"] is not None}


# %% The portal's progress, recomputed


def compare(promise: Promise, rows: Iterable[Progress]) -> list[tuple[str, Number, Decimal | None]]:
    """What the portal says and what comes out here, for each share that it gives."""
    found: list[tuple[str, Number, Decimal | None]] = []
    for row in rows:
        year = row["year"]
        if year not in promise.figures:
            continue
        if (said := row["attainment"]) is not None:
            found.append((f"{row['id']} attainment", said, promise.attainment(year)))
        if (said := row["distance"]) is not None:
            found.append((f"{row['id']} distance", said, promise.distance(year)))
    return found


# %% A picture


def drawing(promise: Promise) -> str:
    """Figures as a line with circles, targets as diamonds, as SVG."""
    years = sorted({*promise.figures, *promise.targets})
    values = [*promise.figures.values(), *promise.targets.values()]
    low, high = float(min(values)), float(max(values))
    across, up = 560 / max(years[-1] - years[0], 1), 240 / ((high - low) or 1)

    def at(year: int, value: Number) -> tuple[float, float]:
        return round(60 + (year - years[0]) * across, 1), round(300 - (float(value) - low) * up, 1)

    line = [at(year, value) for year, value in sorted(promise.figures.items())]
    marks = [f'<circle cx="{x}" cy="{y}" r="4"/>' for x, y in line]
    marks += [
        f'<path d="M{x} {y - 7}l7 7-7 7-7-7z" fill="none" stroke="#a33" stroke-width="2"/>'
        for x, y in (at(year, value) for year, value in promise.targets.items())
    ]
    words: list[tuple[float, float, str]] = [(60, 24, promise.kpi["name"]), (60, 350, "● figure   ◇ target")]
    words += [(at(year, 0)[0] - 14, 325, str(year)) for year in years[:: max(len(years) // 8, 1)]]
    words += [(8, at(0, value)[1] + 4, f"{value:f}") for value in map(Decimal, (min(values), max(values)))]
    texts = [f'<text x="{x}" y="{y}">{escape(text)}</text>' for x, y, text in words]
    course = " ".join(f"{x},{y}" for x, y in line)
    return "\n".join([
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 360" font-family="sans-serif">',
        f'<polyline points="{course}" fill="none" stroke="#246" stroke-width="2"/>',
        *marks, *texts, "</svg>",
    ])  # fmt: skip


# %% All of it


def main(url: str, drawn: str = DRAWN, file: str = "kpi.svg") -> int:
    """Draws and checks; how the program ends."""
    portal = Bagdar(url)
    known = {promise.kpi["id"]: promise for promise in promises(portal)}
    if drawn not in known:
        print(f"{drawn} cannot be recomputed by simple means; these can: {', '.join(known)}.")
        return 2
    Path(file).write_text(drawing(known[drawn]), encoding="utf-8")
    rows: dict[str, list[Progress]] = defaultdict(list)
    for row in portal.progress(programme=PROGRAMME):
        rows[row["kpi"]].append(row)
    results = [each for promise in known.values() for each in compare(promise, rows[promise.kpi["id"]])]
    other = [each for each in results if each[2] is None or abs(each[2] - Decimal(each[1])) > CLOSE]
    for name, said, computed in other:
        print(f"{name}: the portal says {said}, here it is {computed}.")
    print(f"{len(known)} KPIs, {len(results)} shares recomputed, {len(other)} otherwise than the portal.")
    return 1 if other or not results else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
