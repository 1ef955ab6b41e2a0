"""Words are kept as numbers, and the numbers of words never change."""

import hashlib

import pytest
from django.core.exceptions import ValidationError

from programmes.codes import VOCABULARY, Course, Outlook, Reason, StandingCode, Verdict
from programmes.fields import WordField

FIRST = 32
"""Words of which rows are stored."""


def test_every_word_has_one_number() -> None:
    words = {member.value for enum in (Course, Verdict, StandingCode, Outlook, Reason) for member in enum}
    assert set(VOCABULARY) == {"", *words}
    assert len(set(VOCABULARY)) == len(VOCABULARY)


def test_stored_numbers_keep_their_meaning() -> None:
    digest = hashlib.sha256(",".join(VOCABULARY[:FIRST]).encode()).hexdigest()
    assert digest.startswith("90731edeaa79d95c"), (
        "a word has moved: rows that are stored now say something else"
    )


def test_a_field_refuses_what_is_no_word() -> None:
    with pytest.raises(ValidationError):
        WordField().to_python("perhaps")
