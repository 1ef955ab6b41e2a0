"""How machines say who they are: `Authorization: Api-Key <prefix>.<secret>`."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiKey, User
from accounts.services.keys import KEYWORD, Scope, find_key, key_text


class ApiKeyAuthentication(BaseAuthentication):
    """The user of the key that a request carries."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """User and key; None where the request carries no key; 401 where the key opens nothing."""
        text = key_text(get_authorization_header(request))
        if text is None:
            return None
        key = find_key(text)
        if key is None:
            raise AuthenticationFailed(_("This key is unknown, expired or revoked."), "bad_key")
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """What is asked of a stranger."""
        return KEYWORD


class KeyScope(BasePermission):
    """Lets a key in only for what it was issued for; a person who is logged in has no such limits."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the key, if one is used, has one of the scopes that the view names."""
        wanted: set[Scope] = view.scopes()  # type: ignore[attr-defined]
        return not isinstance(request.auth, ApiKey) or not wanted.isdisjoint(request.auth.scopes)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The key in the API's description."""

    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKeyAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """OpenAPI's words for it."""
        description = "`Api-Key <prefix>.<secret>`; keys are issued on the page /account/keys/."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": description}
