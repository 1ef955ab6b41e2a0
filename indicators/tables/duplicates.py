"""The same figure given twice in one table."""

from collections.abc import Hashable

from indicators.tables.figures import Figure, Problem, ProblemCode


def without_duplicates(figures: list[Figure]) -> tuple[list[Figure], list[Problem]]:
    """The figures that stand once, and a problem for each that does not.

    Where all agree the first is kept and the repetitions are reported; where they differ none can be trusted.
    """
    first: dict[Hashable, int] = {}
    repeated: dict[int, list[int]] = {}
    for index, figure in enumerate(figures):
        key = (
            figure.territory,
            figure.period,
            figure.breakdown,
            figure.indicator,
            figure.unit,
            figure.caveat,
        )
        original = first.setdefault(key, index)
        if original != index:
            repeated.setdefault(original, [original]).append(index)
    if not repeated:
        return figures, []
    dropped: set[int] = set()
    problems = []
    for indices in repeated.values():
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
