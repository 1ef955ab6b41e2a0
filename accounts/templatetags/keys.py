"""Words for keys."""

from django import template

from accounts.models import ApiKey
from accounts.services.keys import Scope

register = template.Library()


@register.filter
def scope_names(key: ApiKey) -> list[str]:
    """What the key may do, in the reader's language."""
    return [str(scope.label) for scope in Scope if scope in key.scopes]
