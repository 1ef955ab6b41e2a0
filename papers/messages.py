"""What went wrong with a paper, and what to do, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "not_allowed": _("To order a report you need a mandate."),
    "too_many": _("You have ordered %(most)s reports within an hour. Wait a little, please."),
    "gave_up": _(
        "It could not be made, though it was tried %(attempts)s times. Order it anew; if it fails again, "
        "tell the administrators its number."
    ),
    "may_not_sign": _("To attach a signature you need a mandate to approve, coordinate or administer."),
    "signature_too_large": _(
        "A signature has at most %(most)s KB. Send the signature alone, without the file."
    ),
    "no_cms": _(
        "This is no CMS signature. Sign the file with NCALayer as a detached signature and send that."
    ),
    "not_detached": _("The signature has a file within it. Sign anew, and choose a detached signature."),
    "not_one_signer": _("The signature is not that of one person. Attach the signatures one by one."),
    "no_certificate": _("The signature comes without its certificate. Sign anew, the certificate included."),
    "of_another_file": _(
        "This signature is of another file. Fetch the file from this page and sign that one."
    ),
    "broken": _("The signature does not hold: it is damaged, or was not made with its certificate's key."),
    "no_programme": _("What it was to tell of is no longer there. Order another one."),
    "no_town": _("What it was to tell of is no longer there. Order another one."),
    "no_strategy": _("Nothing is known of this strategy, so that it cannot be checked."),
    "broken_template": _(
        "The Word template could not be filled in: %(problem)s. An administrator can replace it."
    ),
}


def paper_error(told: Mapping[str, Any]) -> str:
    """The sentence of a code with its numbers and places."""
    return str(PROBLEMS[told["code"]]) % {name: value for name, value in told.items() if name != "code"}
