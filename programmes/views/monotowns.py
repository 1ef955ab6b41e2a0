"""The public pages of the monotowns' method: its criteria and classes, and towns one by one."""

from django import forms
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from programmes.applied import labels
from programmes.applied.town_criteria import PROGRAMME, sections
from programmes.applied.towns import BY_CODE, in_decline, tallies, towns
from programmes.methods.monotowns import CRITERIA, POLICIES
from programmes.models import Citation, Document, Programme

CITATIONS = Prefetch("citations", Citation.objects.select_related("document"))
CLASSES = ("R-001-POT-HIGH", "R-001-POT-LOW", "R-001-POT-MED")
DOCUMENT = "001"


class PolicyForm(forms.Form):
    """Which policy to judge by."""

    policy = forms.ChoiceField(choices=list(labels.POLICIES.items()), label=_("Policy"))


@require_safe
def monotown_method(request: HttpRequest) -> HttpResponse:
    """The criteria, the policies, and the 27 towns with their official class and that of each policy."""
    programme = get_object_or_404(Programme, code=PROGRAMME)
    found = towns()
    context = {
        "programme": programme,
        "sections": sections({}, POLICIES[0]),
        "criteria": len(CRITERIA),
        "towns": found,
        "tallies": tallies(found),
        "in_decline": in_decline(found),
        "rules": programme.rules.filter(code__in=CLASSES).prefetch_related(CITATIONS),
    }
    return render(request, "programmes/methods/monotown_method.html", context)


@require_safe
def monotown_town(request: HttpRequest, territory: str) -> HttpResponse:
    """A town criterion by criterion under the policy of `?policy=`, what is missing first."""
    policy = BY_CODE.get(request.GET.get("policy") or POLICIES[0].code)
    town = next((each for each in towns() if each.membership.territory.code == territory), None)
    if town is None or policy is None:
        raise Http404
    context = {
        "town": town,
        "judgement": town.judge(policy),
        "policy": labels.POLICIES[policy.code],
        "policy_words": labels.POLICY_WORDS[policy.code],
        "form": PolicyForm(initial={"policy": policy.code}),
        "missing": town.missing(policy),
        "sections": sections(town.known, policy),
        "document": Document.objects.get(code=DOCUMENT),
        "citations": town.membership.citations.select_related("document"),
    }
    return render(request, "programmes/methods/monotown_town.html", context)
