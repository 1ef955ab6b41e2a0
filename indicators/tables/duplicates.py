"""The same figure given twice in one table."""

from collections.abc import Hashable

from indicators.tables.figures import Figure, Problem, ProblemCode


class Repeated:
    """Which figures may stand twice: remembers no more than a number for each.

    Two figures may share a number by chance; `without_duplicates` then tells them apart.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._again: set[int] = set()

    def note(self, figure: Figure) -> None:
        """Take in a figure."""
        number = hash(_key(figure))
        (self._again if number in self._seen else self._seen).add(number)

    def __contains__(self, figure: Figure) -> bool:
        return bool(self._again) and hash(_key(figure)) in self._again


def without_duplicates(figures: list[Figure]) -> tuple[list[Figure], list[Problem]]:
    """The figures that stand once, and a problem for each that does not.

    Where all agree the first is kept and the repetitions are reported; where they differ none can be trusted.
    """
    repeated = Repeated()
    for figure in figures:
        repeated.note(figure)
    groups: dict[Hashable, list[int]] = {}
    for index, figure in enumerate(figures):
        if figure in repeated:
            groups.setdefault(_key(figure), []).append(index)
    dropped: set[int] = set()
    problems = []
    for indices in groups.values():
        if len(indices) == 1:
            continue
        group = [figures[index] for index in indices]
        is_same = len({(figure.value, figure.status) for figure in group}) == 1
        params = {
            "rows": [figure.row for figure in group],
            "columns": [figure.column for figure in group],
            "same_value": is_same,
        }
        for index in indices[1:] if is_same else indices:
            figure = figures[index]
            dropped.add(index)
            problems.append(Problem(ProblemCode.DUPLICATE_ROW, figure.row, figure.column, figure.raw, params))
    return [figure for index, figure in enumerate(figures) if index not in dropped], problems


def _key(figure: Figure) -> Hashable:
    return (
        figure.territory,
        figure.period,
        figure.breakdown,
        figure.indicator,
        figure.unit,
        figure.caveat,
    )
