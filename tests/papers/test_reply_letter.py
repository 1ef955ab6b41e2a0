"""The letter of a stored inquiry, for those who may read its reply."""

import io
from collections.abc import Callable

import docx
import pytest
from django.test import Client

from programmes.models import Inquiry

pytestmark = pytest.mark.django_db

Browsers = Callable[[str], Client]


def test_everybody_may_have_the_letter_of_a_published_reply(client_of: Browsers) -> None:
    inquiry = Inquiry.objects.exclude(document=None).order_by("code")[0]
    response = client_of("anonymous").get(f"/ru/papers/replies/{inquiry.code}/")
    word = docx.Document(io.BytesIO(response.content))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert inquiry.number in text
    assert all(question.text_ru in text for question in inquiry.questions.all())


def test_an_unknown_inquiry_has_no_letter(client_of: Browsers) -> None:
    assert client_of("deputy").get("/ru/papers/replies/nothing/").status_code == 404
