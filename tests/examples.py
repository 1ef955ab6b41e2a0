"""How many inputs the tests of any input try: few in each run, more by command (`FUZZING_EXAMPLES`)."""

import os


def examples(few: int) -> int:
    """The number for `hypothesis.settings(max_examples=…)`."""
    return int(os.environ.get("FUZZING_EXAMPLES", few))
