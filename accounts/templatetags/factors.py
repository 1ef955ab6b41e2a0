"""Words for second factors."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from django import template

from accounts.services.entering import is_readable

register = template.Library()


@register.filter
def unused_codes(codes: Any) -> list[str] | None:
    """The recovery codes that are left, as allauth wraps them; None where the key to them is lost."""
    return list(codes.get_unused_codes()) if is_readable(codes.instance) else None


@register.simple_tag
def factor_message(name: str) -> str:
    """What is said of factors elsewhere, too."""
    return str(get_adapter().error_messages[name])
