"""What the actions in the audit trail are called. The codes come from the apps and never change."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "entry.saved": _("A figure was typed"),
    "entry.evidence": _("Evidence was attached"),
    "report.opened": _("A draft was looked at"),
    "report.submitted": _("A report was submitted"),
    "report.returned": _("A report was returned"),
    "report.approved": _("A report was approved"),
    "report.reopened": _("A report was reopened"),
    "report.nudged": _("A reminder of a report was sent"),
    "publishing.paused": _("Publishing was paused"),
    "publishing.resumed": _("The pause of publishing was ended"),
    "figures.published": _("Figures were published"),
    "upload.received": _("A file was sent in"),
    "upload.mapped": _("An upload's layout was corrected"),
    "upload.confirmed": _("An upload was confirmed"),
    "upload.applied": _("An upload was published"),
    "upload.reverted": _("An upload was taken back"),
    "upload.failed": _("An upload failed"),
    "name.learnt": _("A name was learnt"),
    "name.forgotten": _("A name or layout was forgotten"),
    "form.changed": _("A reporting form was changed"),
    "user.erased": _("A person's data were erased"),
    "mandate.changed": _("A mandate was changed"),
    "login.entered": _("Somebody logged in"),
    "login.linked": _("The single sign-on was linked to an account"),
    "login.unlinked": _("The single sign-on was unlinked from an account"),
    "factor.added": _("A second step was set up"),
    "factor.removed": _("A second step was removed"),
    "factor.reset": _("A person's second steps were removed by an administrator"),
    "key.issued": _("An API key was issued"),
    "key.revoked": _("An API key was revoked"),
    "inquiry.registered": _("An inquiry was registered"),
    "inquiry.figures": _("Figures were attached to an inquiry"),
    "inquiry.assigned": _("An inquiry was assigned"),
    "inquiry.answered": _("Answers to an inquiry were saved"),
    "inquiry.drafted": _("A reply was handed in for approval"),
    "inquiry.returned": _("A reply was returned"),
    "inquiry.approved": _("A reply was approved"),
    "inquiry.published": _("A reply was published"),
    "watch.changed": _("A subscription was changed"),
    "hook.changed": _("A webhook was changed"),
    "admin.changed": _("Something was changed in the administration"),
    "paper.ordered": _("A paper was ordered"),
    "paper.signed": _("A paper was signed"),
    "audit.exported": _("The audit trail was exported"),
}

# Of these models a change in the administration is more than "admin.changed".
ACTIONS_ON_MODELS = {
    "mandate": "mandate.changed",
    "reportingform": "form.changed",
    "formline": "form.changed",
}

# What the members of an event's details are called.
DETAILS = {
    "value": _("value"),
    "status": _("status"),
    "comment": _("comment"),
    "evidence": _("evidence"),
    "state": _("state"),
    "role": _("role"),
    "user": _("user"),
    "organisation": _("organisation"),
    "territory": _("territory"),
    "valid_from": _("since"),
    "valid_to": _("until"),
    "filters": _("filters"),
    "published": _("published"),
    "new": _("new"),
    "changed": _("changed"),
    "unchanged": _("unchanged"),
    "figures": _("figures"),
    "scopes": _("scopes"),
    "by": _("by"),
    "kind": _("kind"),
    "corrections": _("corrections"),
    "forgotten": _("forgotten"),
}


def detail_label(name: str) -> str:
    """What a member of the details is called in the reader's language; an unknown one as it is."""
    return str(DETAILS.get(name, name))


def action_label(code: str) -> str:
    """The action in the reader's language; an unknown code as it is."""
    return str(ACTIONS.get(code, code))
