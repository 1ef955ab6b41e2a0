"""A person's own webhooks: who is told of what, and what came of it."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action
from common.names import in_order
from indicators.models import Indicator
from portal.models import Delivery, Hook
from portal.models.hooks import Event
from portal.services.hooking import (
    MOST_HOOKS,
    TooManyHooksError,
    create_hook,
    enable_hook,
    is_web_address,
    remove_hook,
    renew_secret,
    replay,
    send_test,
)
from portal.tasks import tell_hook_soon
from programmes.models import Programme

PAGE = 50


class HookForm(forms.Form):
    """Where to tell of what."""

    url = forms.URLField(
        label=gettext_lazy("Address"), max_length=500, assume_scheme="https",
        help_text=gettext_lazy("Where your programme listens, for instance https://example.org/bagdar."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Tell when"), choices=Event.choices, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    indicator = forms.ModelChoiceField(
        Indicator.objects.none(), label=gettext_lazy("Only of the indicator"), required=False,
        to_field_name="code", empty_label=gettext_lazy("every indicator"),
    )  # fmt: skip
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=gettext_lazy("Only of the programme"), required=False,
        to_field_name="code", empty_label=gettext_lazy("every programme"),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, model in (("indicator", Indicator), ("programme", Programme)):
            self.fields[name].queryset = model.objects.order_by(in_order())  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        """A web address without a name or password in it."""
        url: str = self.cleaned_data["url"]
        if not is_web_address(url):
            raise forms.ValidationError(
                _("Give an address that begins with https:// or http://, without a password in it.")
            )
        return url

    def clean(self) -> None:
        """At most one of the two."""
        if self.cleaned_data.get("indicator") and self.cleaned_data.get("programme"):
            self.add_error("programme", _("Choose an indicator or a programme, not both."))


@action_required(Action.HOOK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hook_list(request: UserRequest) -> HttpResponse:
    """The webhooks of the person; the secret of a new one is shown in the answer to its making alone."""
    form, secret = HookForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _hook, secret = create_hook(user=request.user, **form.cleaned_data)
            form = HookForm()
        except TooManyHooksError:
            form.add_error(None, _("You have %(most)s webhooks: remove one first.") % {"most": MOST_HOOKS})
    hooks = Hook.objects.filter(user=request.user).select_related("indicator", "programme").order_by("-pk")
    return render(request, "portal/hook_list.html", {"form": form, "hooks": hooks, "secret": secret})


@action_required(Action.HOOK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hook_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A webhook with its log; a POST renews its secret, which is shown once."""
    hook = _own(request, pk)
    secret = renew_secret(hook=hook, by=request.user) if request.method == "POST" else ""
    page = Paginator(hook.deliveries.all(), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/hook_detail.html", {"hook": hook, "page": page, "secret": secret})


@action_required(Action.HOOK)
@require_POST
def hook_test(request: UserRequest, pk: int) -> HttpResponse:
    """Sends a delivery that says nothing."""
    hook = _own(request, pk)
    _soon(send_test(hook))
    messages.success(request, _("A test is on its way: look at the log in a moment."))
    return redirect("portal:hook-detail", pk)


@action_required(Action.HOOK)
@require_POST
def hook_enable(request: UserRequest, pk: int) -> HttpResponse:
    """Lets a disabled webhook hear again, and one that fails at once."""
    enable_hook(hook=_own(request, pk), by=request.user)
    tell_hook_soon(pk)
    messages.success(request, _("The webhook is told again of what happens from now on."))
    return redirect("portal:hook-detail", pk)


@action_required(Action.HOOK)
@require_POST
def hook_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Takes a webhook away."""
    remove_hook(hook=_own(request, pk), by=request.user)
    messages.success(request, _("The webhook and its log are removed."))
    return redirect("portal:hook-list")


@action_required(Action.HOOK)
@require_POST
def delivery_replay(request: UserRequest, pk: int) -> HttpResponse:
    """Sends a delivery again as it was."""
    found = Delivery.objects.select_related("hook").filter(hook__user=request.user)
    delivery = get_object_or_404(found, pk=pk)
    _soon(replay(delivery))
    messages.success(request, _("The delivery is sent again: look at the log in a moment."))
    return redirect("portal:hook-detail", delivery.hook_id)


def _own(request: UserRequest, pk: int) -> Hook:
    return get_object_or_404(Hook.objects.select_related("indicator", "programme"), pk=pk, user=request.user)


def _soon(delivery: Delivery) -> None:
    transaction.on_commit(lambda: tell_hook_soon(delivery.hook_id))
