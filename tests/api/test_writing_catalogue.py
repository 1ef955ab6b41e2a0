"""The flaws of writing have numbers, and the documentation lists them."""

from django.conf import settings

from common.rest.catalogue_writing import PROBLEMS, WRITING
from indicators.api_working import CURES, FIELDS, KINDS
from indicators.messages import CELL_ERRORS


def test_every_flaw_of_writing_has_a_number_and_is_documented() -> None:
    page = (settings.BASE_DIR / "docs/api/writing.md").read_text()
    for code, (number, meaning) in WRITING.items():
        assert f"| {number} | `{code}` | {meaning} |" in page
    numbers = [number for number, _meaning in WRITING.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(meaning[:3] in {"411", "412", "413", "422", "428"} for meaning in PROBLEMS.values())


def test_every_error_of_a_report_is_a_flaw_of_writing() -> None:
    told = {*CURES, *FIELDS, *KINDS, *CELL_ERRORS} - {"reason_required"}  # that one is of uploads too
    assert told <= set(WRITING)
