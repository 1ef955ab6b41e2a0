"""Attaches a signature to a file of a paper that is ready; what is no signature of it is not kept."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.permissions import Action, may
from accounts.services.auditing import record
from papers.models import PaperFile, PaperSignature
from papers.services.ordering import PaperError
from papers.signatures import SignatureError, read, roots_in

MOST_BYTES = 256 * 1024


def attach_signature(*, file: PaperFile, content: bytes, by: User) -> PaperSignature:
    """The signature with what was found of it; the same one where it was attached already.

    Raises `PaperError` `may_not_sign`, `signature_too_large`, or what `papers.signatures.read` finds wrong.
    """
    if not may(by, Action.SIGN):
        raise PaperError("may_not_sign")
    if len(content) > MOST_BYTES:
        raise PaperError("signature_too_large", most=MOST_BYTES // 1024)
    folder = settings.SIGNATURE_ROOTS
    try:
        with file.file.open("rb") as signed:
            found = read(signed, content, roots_in(Path(folder)) if folder else [])
    except SignatureError as error:
        raise PaperError(error.code) from error
    with transaction.atomic():
        kept, is_new = PaperSignature.objects.get_or_create(
            file=file,
            sha256=hashlib.sha256(content).hexdigest(),
            defaults={
                "content": content, "state": found.state.value, "signer": found.signer[:600],
                "issuer": found.issuer[:600], "serial": found.serial[:80], "algorithm": found.algorithm[:80],
                "signed_at": found.signed_at, "attached_by": by,
            },
        )  # fmt: skip
        if is_new:
            record(
                "paper.signed", subject=f"paper:{file.paper_id}", label=str(kept), by=by,
                details={"state": kept.state, "serial": kept.serial, "format": file.format},
            )  # fmt: skip
    return kept
