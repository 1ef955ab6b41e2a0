"""Word templates: whether one can be used, and which one is filled in."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jinja2 import TemplateError

from accounts.permissions import Reader, mandates_of
from papers.docx.checking import Flaw, Schema, flaws_of
from papers.docx.defaults import letter_template, paper_template
from papers.docx.filling import filled
from papers.docx.placeholders import LETTER, PAPER
from papers.models import LetterTemplate

Kind = LetterTemplate.Kind
DEFAULTS: dict[str, Callable[[], bytes]] = {Kind.PAPER: paper_template, Kind.REPLY: letter_template}
PLACEHOLDERS: dict[str, Schema] = {Kind.PAPER: PAPER, Kind.REPLY: LETTER}
FLAWS = {
    "not_docx": gettext_lazy("This is no Word document (DOCX). In Word, save it as “Word document”."),
    "too_large": gettext_lazy(
        "The file is too large: a template has at most 5 MB. Make its pictures smaller."
    ),
    "macros": gettext_lazy("The file holds macros or embedded objects. Save it as a document without them."),
    "fetches": gettext_lazy(
        "The file fetches something from elsewhere (%(name)s). Put it into the document."
    ),
    "syntax": gettext_lazy("%(place)s: “%(name)s” is not written as a placeholder. See the list of them."),
    "unknown": gettext_lazy("%(place)s: there is no placeholder “%(name)s”. See the list of them."),
    "not_allowed": gettext_lazy(
        "%(place)s: “%(name)s” does more than a template may: for, if and names only."
    ),
    "not_open": gettext_lazy("%(place)s: “%(name)s” ends what has not begun."),
    "not_closed": gettext_lazy("“%(name)s” has no end: write {%% endfor %%} or {%% endif %%}."),
    "not_fillable": gettext_lazy("Filled in with examples the template fails: %(name)s."),
}
PARTS = {
    "body": gettext_lazy("paragraph %(number)s"),
    "header": gettext_lazy("header, paragraph %(number)s"),
    "footer": gettext_lazy("footer, paragraph %(number)s"),
    "footnotes": gettext_lazy("footnotes, paragraph %(number)s"),
    "first_page_header": gettext_lazy("header of the first page, paragraph %(number)s"),
    "first_page_footer": gettext_lazy("footer of the first page, paragraph %(number)s"),
}


def problems_of(template: bytes, kind: str) -> list[str]:
    """What is wrong with a template, in sentences that name the place; nothing where it can be used."""
    schema = PLACEHOLDERS[kind]
    flaws = flaws_of(template, schema)
    if not flaws:
        try:
            filled(template, example_of(schema))
        except (TemplateError, ValueError, SyntaxError, TypeError) as error:
            flaws = [Flaw("not_fillable", str(error))]
    return [_sentence(flaw) for flaw in flaws]


def _sentence(flaw: Flaw) -> str:
    part, _space, number = flaw.place.rpartition(" ")
    place = str(PARTS[part]) % {"number": number} if part in PARTS else flaw.place
    sentence = str(FLAWS[flaw.code]) % {"name": flaw.name, "place": place}
    return sentence[:1].upper() + sentence[1:]


def example_of(schema: Schema) -> dict[str, Any]:
    """A value for every placeholder: a word for a text, two things for a list."""
    return {name: _example(kind) for name, kind in schema.items()}


def _example(kind: Any) -> Any:
    if isinstance(kind, Mapping):
        return example_of(kind)
    return [example_of(each) for each in (*kind, *kind)] if isinstance(kind, list) else _("example")


def template_for(kind: str, user: Reader) -> bytes:
    """That of the person's organisation, else everybody's, else the portal's own."""
    in_use = LetterTemplate.objects.filter(kind=kind, is_active=True)
    own = in_use.filter(organisation__mandates__in=mandates_of(user)).order_by("pk").first()
    chosen = own or in_use.filter(organisation=None).first()
    if chosen is None:
        return DEFAULTS[kind]()
    with chosen.file.open("rb") as file:
        return bytes(file.read())
