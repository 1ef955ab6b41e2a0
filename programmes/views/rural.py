"""The public page of the rural settlements' method: what is known of it, and a form that applies it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from common.formats import CSV
from programmes.applied import labels
from programmes.applied.rural_form import ScoringForm
from programmes.methods.rural_method import BLOCK_POINTS
from programmes.models import Programme

PROGRAMME = "rural-territories-2023-2027"
RULES = ("R-002-SCORE", "R-002-SCORE-IND", "R-002-LIST")
MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def rural_method(request: HttpRequest) -> HttpResponse:
    """Blocks and what is not stated; a POST with two tables is answered with scores, by `as` in CSV."""
    programme = get_object_or_404(Programme, code=PROGRAMME)
    is_sent = request.method == "POST"
    form = ScoringForm(request.POST, request.FILES) if is_sent else ScoringForm()
    outcome = form.outcome if is_sent else None
    if outcome is not None and request.POST.get("as") == "csv":
        return HttpResponse(
            CSV().export_data(outcome.table),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="settlements-scored.csv"'},
        )
    context = {
        "programme": programme,
        "blocks": [(labels.BLOCKS[block], points) for block, points in BLOCK_POINTS.items()],
        "rules": programme.rules.filter(code__in=RULES).prefetch_related("citations__document"),
        "form": form,
        "outcome": outcome,
        "shown": outcome.settlements[:MOST_SHOWN] if outcome else [],
    }
    return render(request, "programmes/methods/rural_method.html", context)
