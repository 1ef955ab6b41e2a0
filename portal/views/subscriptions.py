"""Subscriptions to letters about what changes."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from cities.models import Territory
from common.names import language
from portal.models import Subscription
from portal.services.digests import name_of
from portal.services.subscribing import confirm, subscribe, unsubscribe
from portal.tasks import send_invitations_soon
from programmes.models import Kpi, Programme


class SubscriptionForm(forms.Form):
    """Where to write, and how often."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    frequency = forms.ChoiceField(label=gettext_lazy("How often"), choices=Subscription.Frequency.choices)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_new(request: HttpRequest) -> HttpResponse:
    """Asks for letters about the programme, territory or KPI in the address, or about everything."""
    subject = _subject(request)
    own = request.user.email if isinstance(request.user, User) else ""
    form = SubscriptionForm(request.POST or None, initial={"email": own, "frequency": "weekly"})
    if form.is_valid():
        email, frequency = form.cleaned_data["email"], form.cleaned_data["frequency"]
        is_own = bool(own) and email.lower() == own.lower()
        with transaction.atomic():
            subscribe(email=email, language=language(), frequency=frequency, subject=subject, is_own=is_own)
            transaction.on_commit(send_invitations_soon)
        if is_own:
            messages.success(request, _("You are subscribed: letters go to %(email)s.") % {"email": email})
        else:
            # The same is said whoever the address belongs to, and whether it is subscribed already.
            messages.success(
                request, _("A letter to %(email)s asks to confirm the subscription.") % {"email": email}
            )
        return redirect("home")
    about = subject.short_name if isinstance(subject, Programme) else getattr(subject, "name", "")
    return render(request, "portal/subscription_new.html", {"form": form, "about": about})


def _subject(request: HttpRequest) -> Programme | Territory | Kpi | None:
    """What the address names; an unknown code is not found."""
    programme, kpi, territory = (request.GET.get(name, "") for name in ("programme", "kpi", "territory"))
    if kpi:
        return get_object_or_404(Kpi, programme__code=programme, code=kpi)
    if programme:
        return get_object_or_404(Programme, code=programme)
    return get_object_or_404(Territory, code=territory) if territory else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_detail(request: HttpRequest, token: str) -> HttpResponse:
    """A subscription, for whoever has its link: to be confirmed, or ended. Opening the page does neither."""
    related = ("programme", "territory", "kpi__programme")
    subscription = get_object_or_404(Subscription.objects.select_related(*related), token=token)
    if request.method == "POST":
        if "confirm" in request.POST:
            confirm(subscription=subscription)
            messages.success(request, _("Confirmed: the first letter comes when something has changed."))
            return redirect("portal:subscription-detail", token)
        unsubscribe(subscription=subscription)
        messages.success(request, _("The subscription is ended and the address forgotten."))
        return redirect("home")
    context = {"subscription": subscription, "about": name_of(subscription)}
    return render(request, "portal/subscription_detail.html", context)


@csrf_exempt
@require_POST
def subscription_end(request: HttpRequest, token: str) -> HttpResponse:
    """What a mail program's own button asks for (RFC 8058); ending what has ended is no error."""
    subscription = Subscription.objects.filter(token=token).first()
    if subscription is not None:
        unsubscribe(subscription=subscription)
    return HttpResponse(status=204)
