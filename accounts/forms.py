"""The log-in form, labelled in the portal's three languages, and the form of an API key."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import approves_or_administers
from accounts.services.keys import Scope


class LoginForm(AllauthLoginForm):  # type: ignore[misc] # it has no types
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Password")
        self.fields["remember"].label = _("Stay logged in on this device")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Logs in; who approves or administers is not remembered beyond the browser's end."""
        answer: HttpResponse = super().login(request, redirect_url)
        if approves_or_administers(self.user):
            request.session.set_expiry(0)
        return answer


class KeyForm(forms.Form):
    """What a new API key is for, and until when."""

    label = forms.CharField(
        label=_("What the key is for"), max_length=100,
        help_text=_("For instance the name of the programme that will use it."),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("Last day of its use"), required=False, widget=forms.DateInput({"type": "date"}),
        help_text=_("Leave empty if it is to work until it is revoked."),
    )  # fmt: skip

    scopes = forms.MultipleChoiceField(
        label=_("What it allows"), widget=forms.CheckboxSelectMultiple,
        help_text=_("The less a key allows, the less can be done with a lost one."),
    )  # fmt: skip

    def __init__(self, scopes: Collection[Scope], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in scopes]  # type: ignore[attr-defined]

    def clean_expires_on(self) -> dt.date | None:
        """A day that has not passed."""
        day: dt.date | None = self.cleaned_data["expires_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed: choose today or a later one."))
        return day
