"""What the tests of the monotowns' method share."""

from collections.abc import Iterator

from programmes.methods.monotown_criteria import Answer, Evidence, Result
from programmes.methods.monotowns import POLICIES

Known = dict[str, Evidence]
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
POLICY = {policy.code: policy for policy in POLICIES}


def walk(result: Result) -> Iterator[Result]:
    """A result and all within it."""
    yield result
    for part in result.parts:
        yield from walk(part)


def answer_to(result: Result, code: str) -> Answer:
    """The answer to the first part with the code."""
    return next(part.answer for part in walk(result) if part.code == code)
