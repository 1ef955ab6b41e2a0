"""Single sign-on of the government: an existing person of the portal, or nobody."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest
from django.shortcuts import render

from accounts.models import User
from accounts.services.auditing import record


class ClosedSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # it has no types
    """Nobody gets an account by signing on; who has one is known by a verified e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Finds the person at his first sign-on; afterwards the provider's own number stands for him.

        An address that was given to somebody else does not open what its former owner signed on to.
        """
        told = sociallogin.account.extra_data
        if (
            "id_token" in told
            and told.get("userinfo", told["id_token"]).get("sub") != told["id_token"]["sub"]
        ):
            raise _refusal(request, "mixed")
        if sociallogin.is_existing:
            return
        addresses = [each for each in sociallogin.email_addresses if each.verified is True]
        if not addresses:
            raise _refusal(request, "unverified")
        user = User.objects.filter(email__iexact=addresses[0].email).first()
        if user is None:
            raise _refusal(request, "unknown", addresses[0].email)
        if SocialAccount.objects.filter(user=user).exists():
            raise _refusal(request, "taken", addresses[0].email)
        sociallogin.connect(request, user)
        record("login.linked", subject=f"user:{user.pk}", label=user.email, by=user)


def _refusal(request: HttpRequest, reason: str, email: str = "") -> ImmediateHttpResponse:
    context = {"reason": reason, "email": email}
    return ImmediateHttpResponse(render(request, "socialaccount/refused.html", context, status=403))
