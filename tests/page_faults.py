"""How often the kernel has to find memory for the frames of calls at some depth (deploy/frames.py)."""

import resource

CALLS, DEPTHS = 1_000, 150


def leaf() -> tuple[int, ...]:
    """Has a larger frame than what calls it, so that one of the depths is the last that fits."""
    a = b = c = d = e = f = g = h = 0
    return a, b, c, d, e, f, g, h


def faults_at(depth: int) -> int:
    """Page faults of this process while a function was called `CALLS` times so deep."""
    if depth:
        return faults_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        leaf()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def most_faults() -> int:
    """Those of the depth that has the most."""
    return max(faults_at(depth) for depth in range(DEPTHS))
