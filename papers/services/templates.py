"""Which Word template is filled in."""

from collections.abc import Callable

from accounts.models import User
from papers.docx.defaults import paper_template
from papers.models import LetterTemplate

Kind = LetterTemplate.Kind
DEFAULTS: dict[Kind, Callable[[], bytes]] = {Kind.PAPER: paper_template}


def template_for(kind: Kind, user: User) -> bytes:
    """That of the person's organisation, else everybody's, else the portal's own."""
    in_use = LetterTemplate.objects.filter(kind=kind, is_active=True)
    own = in_use.filter(organisation__mandates__user=user).order_by("pk").first()
    chosen = own or in_use.filter(organisation=None).first()
    if chosen is None:
        return DEFAULTS[kind]()
    with chosen.file.open("rb") as file:
        return bytes(file.read())
