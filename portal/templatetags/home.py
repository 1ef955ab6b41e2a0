"""What the first page says in words."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext_lazy as _

from programmes.plans.budget import rounded_amount
from programmes.plans.money import Amount

register = template.Library()

DIRECTIONS = {
    "worse": (_("slipped"), "tag--bad"),
    "better": (_("recovered"), "tag--good"),
    "known": (_("can be judged now"), ""),
    "unknown": (_("can no longer be judged"), ""),
}


@register.filter
def money(amount: Amount | Decimal) -> str:
    """Million tenge in words: 7.2 trillion ₸."""
    return rounded_amount(amount if isinstance(amount, Amount) else Amount(amount, amount))


@register.inclusion_tag("portal/direction.html")
def direction(code: str) -> dict[str, object]:
    """Which way a promise went, as a word."""
    word, tone = DIRECTIONS[code]
    return {"word": word, "tone": tone}
