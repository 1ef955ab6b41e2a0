"""The ways to the single sign-on and back, which allauth leaves with an error where the provider is away."""

import logging
from collections.abc import Callable

from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

logger = logging.getLogger(__name__)


def _patiently(view: Callable[..., HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    def ask(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except RequestException:
            logger.exception("The single sign-on does not answer")
            return render(request, "socialaccount/authentication_error.html", status=503)

    return ask


sign_on = _patiently(views.login)
sign_on_back = _patiently(views.callback)
