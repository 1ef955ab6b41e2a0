"""Where a programme's documents contradict themselves or each other, in a paper."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.contents.citing import cite_places
from papers.document import Column
from papers.writing import Writer, missing, say
from programmes.models import Citation, Discrepancy, DiscrepancyStatement, Programme


def write_discrepancies(writer: Writer, programme: Programme) -> None:
    """Every contradiction with its versions, the one that the portal uses, and why."""
    places = Prefetch("citations", Citation.objects.select_related("document"))
    statements = Prefetch("statements", DiscrepancyStatement.objects.prefetch_related(places))
    found = list(programme.discrepancies.prefetch_related(statements))
    words = ngettext("%(n)s contradiction is known.", "%(n)s contradictions are known.", len(found))
    writer.text(words % {"n": len(found)}, style="lead")
    columns = [
        Column(_("What about"), 2.2),
        Column(_("Version"), 4),
        Column(_("Used here"), 0.9),
        Column(_("Why"), 2.6),
    ]
    rows = [
        [
            say(each.name if at == 0 else "") if at == 0 else say("″"),
            say(statement.text, cite_places(writer, statement.citations.all())),
            say(_("yes") if statement.is_used else _("no")),
            say(_reason(each)) if at == 0 else say("″"),
        ]
        for each in found
        for at, statement in enumerate(each.statements.all())
    ]
    writer.table("", columns, rows, _("Contradictions"))


def _reason(discrepancy: Discrepancy) -> str:
    return discrepancy.reason or missing().text
