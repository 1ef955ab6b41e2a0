"""A paper's way: its contents are gathered, then each file is made; one step, one transaction, repeatable.

What was gathered is kept: files that are made later, by another worker, hold the same figures.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from indicators.templatetags.figures import day
from papers.contents import NothingToTellError, gather
from papers.document import Document, from_json
from papers.docx.filling import render_docx
from papers.models import LetterTemplate, Paper, PaperFile
from papers.renderers.pdf import render_pdf
from papers.renderers.xlsx import render_xlsx
from papers.services.resting import Figures, figures_now
from papers.services.templates import template_for

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
PATIENCE = dt.timedelta(seconds=8)
"""After so long without a step, the sweep sets a paper going again."""
GATHERED = 40
"""Per cent of the work that is done with the contents; the files share the rest."""
State = Paper.State


def take_step(pk: int) -> bool:
    """Does the paper's next step; returns whether there is another one.

    A step that fails is tried again by the sweep, and after its last attempt the paper has failed.
    """
    if not _begin(pk):
        return False
    try:
        with transaction.atomic(), override(None):
            paper = _locked(pk)
            if paper is None:
                return False
            with override(paper.language):
                _gather(paper) if paper.contents is None else _make_file(paper)
            paper.attempts = 0
            paper.save()
    except NothingToTellError as error:
        _fail(pk, {"code": error.code})
        return False
    except Exception:
        logger.exception("A step of paper %s failed", pk)
        return False
    return paper.is_waiting


def _begin(pk: int) -> bool:
    """Counts the attempt in its own transaction: a paper that kills its worker is not tried forever."""
    with transaction.atomic():
        paper = _locked(pk)
        if paper is None:
            return False
        paper.state, paper.attempts = State.WORKING, paper.attempts + 1
        if paper.attempts > MOST_ATTEMPTS:
            paper.state, paper.finished_at = State.FAILED, timezone.now()
            paper.failure = {"code": "gave_up", "attempts": MOST_ATTEMPTS}
        paper.save()
    return paper.is_waiting


def _locked(pk: int) -> Paper | None:
    """The unfinished paper, locked; None where another worker has it or has done it."""
    unlocked = Paper.objects.unfinished().select_for_update(of=("self",), skip_locked=True)
    return unlocked.select_related("programme", "territory").filter(pk=pk).first()


def _fail(pk: int, failure: dict[str, object]) -> None:
    Paper.objects.filter(pk=pk).update(state=State.FAILED, failure=failure, finished_at=timezone.now())


def _gather(paper: Paper) -> None:
    """Writes the paper's contents down; again where figures were published meanwhile."""
    for _attempt in range(MOST_ATTEMPTS):
        figures = figures_now()
        document = gather(paper)
        if figures_now() == figures:
            break
    _keep(paper, document, figures)


def _keep(paper: Paper, document: Document, figures: Figures) -> None:
    paper.contents, paper.title = document.as_json(), document.title[:600]
    paper.revision, paper.run_id, paper.figures_on = figures
    paper.percent = GATHERED


def _make_file(paper: Paper) -> None:
    """Makes the next file that is missing; with the last one the paper is ready."""
    made = set(paper.files.values_list("format", flat=True))
    missing = [each for each in MAKERS if each not in made]
    if missing:
        _store(paper, missing[0], MAKERS[missing[0]](paper, from_json(paper.contents or {})))
    done = len(MAKERS) - len(missing[1:])
    paper.percent = GATHERED + (100 - GATHERED) * done // len(MAKERS)
    if done == len(MAKERS):
        paper.state, paper.percent, paper.finished_at = State.READY, 100, timezone.now()


def _store(paper: Paper, form: str, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    made = PaperFile(paper=paper, format=form, size=len(content), sha256=digest)
    made.file.save(f"{paper.kind}-{paper.pk}-{paper.language}.{form}", ContentFile(content), save=False)
    made.save()


def imprint(paper: Paper) -> str:
    """What stands at the foot of each page: who made it, of which figures, and where it is kept."""
    words = _("%(portal)s · figures as of %(day)s, revision %(revision)s · %(address)s")
    return words % {
        "portal": settings.SITE_NAME,
        "day": day(paper.figures_on),
        "revision": paper.revision or 0,
        "address": f"{settings.PORTAL_URL}/{paper.language}/papers/{paper.pk}/",
    }


MAKERS: dict[str, Callable[[Paper, Document], bytes]] = {
    "pdf": lambda paper, document: render_pdf(document, paper.changed_at, imprint(paper)),
    "docx": lambda paper, document: render_docx(
        document, template_for(LetterTemplate.Kind.PAPER, paper.ordered_by), imprint(paper)
    ),
    "xlsx": lambda paper, document: render_xlsx(document, paper.changed_at, imprint(paper)),
}


def unfinished_papers() -> list[int]:
    """Ids of papers that have stood still for longer than a step takes to begin."""
    silent = Paper.objects.unfinished().filter(changed_at__lt=timezone.now() - PATIENCE)
    return list(silent.order_by("pk").values_list("pk", flat=True))
