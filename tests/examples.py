"""How many inputs the tests of any input try: few in each run, more by command (`FUZZING_EXAMPLES`)."""

import os

from hypothesis import HealthCheck, settings


def examples(few: int) -> int:
    """The number for `hypothesis.settings(max_examples=…)`."""
    return int(os.environ.get("FUZZING_EXAMPLES", few))


def load_profile() -> None:
    """What holds for every test of any input: a shared machine may take its time."""
    settings.register_profile(
        "shared machine",
        deadline=None,
        max_examples=examples(60),
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("shared machine")
