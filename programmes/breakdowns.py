"""By what a KPI's figures are broken down: sex, age, sex and age together, town and countryside."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

from cities.models import Territory
from indicators.models import Breakdown, Category, Dimension
from programmes.models import Kpi
from programmes.parts import breakdowns_of


@dataclass(frozen=True)
class Shape:
    """The breakdowns by the same dimensions, ordered by code; the total is in none."""

    dimensions: Sequence[Dimension]
    breakdowns: Sequence[Breakdown]
    total: Breakdown | None

    @property
    def code(self) -> str:
        """The dimensions' codes, as an address writes them."""
        return ".".join(dimension.code for dimension in self.dimensions)

    @property
    def name(self) -> str:
        """The dimensions' names."""
        return " × ".join(dimension.name for dimension in self.dimensions)

    @cached_property
    def categories(self) -> list[tuple[Dimension, list[Category]]]:
        """The categories that occur of each dimension, by code."""
        found: defaultdict[int, dict[str, Category]] = defaultdict(dict)
        for category in (each for breakdown in self.breakdowns for each in breakdown.categories.all()):
            found[category.dimension_id][category.code] = category
        return [
            (each, [category for _, category in sorted(found[each.pk].items())]) for each in self.dimensions
        ]

    def only(self, wanted: dict[str, str]) -> list[Breakdown]:
        """The breakdowns with the wanted category of each dimension named, both by code."""
        return [
            each
            for each in self.breakdowns
            if wanted.items() <= {(part.dimension.code, part.code) for part in each.categories.all()}
        ]


def shapes_of(kpi: Kpi, territory: Territory) -> list[Shape]:
    """The shapes in which there are figures, those of one dimension first; three queries."""
    breakdowns = breakdowns_of(kpi, territory)
    total = next((each for each in breakdowns if not each.code), None)
    found: defaultdict[tuple[Dimension, ...], list[Breakdown]] = defaultdict(list)
    for each in breakdowns:
        if each.code:
            dimensions = (category.dimension for category in each.categories.all())
            found[tuple(sorted(dimensions, key=lambda dimension: dimension.code))].append(each)
    shapes = [Shape(dimensions, parts, total) for dimensions, parts in found.items()]
    return sorted(shapes, key=lambda shape: (len(shape.dimensions), shape.code))
