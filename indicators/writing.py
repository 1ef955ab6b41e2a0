"""Figures as the reader's language writes them, without markup: for pages, charts and sentences.

No more decimals are shown than asked for and none are invented: 3 stays 3, 5.6625 becomes 5.7.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.formats import number_format

from common.names import language
from indicators.models import Indicator

MINUS, NO_BREAK_SPACE = "\u2212", "\u00a0"
Number = Decimal | float | int
HUGE, HUGE_DIGITS = 10**15, 6
"""Larger figures, in use nowhere, are written as a power of ten with so many digits."""


def rounded(value: Number, decimals: int) -> Decimal:
    """The value with at most so many decimals, half away from zero, without trailing zeros."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if abs(exact) > HUGE:
        return exact.normalize()
    if -int(exact.as_tuple().exponent) > decimals:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    plain = exact.normalize() if exact else Decimal(0)
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


def written(value: Number, decimals: int) -> str:
    """The value with a true minus sign and the reader's separators."""
    plain = rounded(value, decimals)
    if abs(plain) > HUGE:
        return as_power(plain, HUGE_DIGITS)
    return f"{plain:,f}".translate(_signs(language()))


@lru_cache
def _signs(_language: str) -> dict[int, str]:
    """How the language writes the signs of Python's own format: its separators, and a true minus."""
    example = number_format(Decimal("1234.5"), use_l10n=True, force_grouping=True)
    return {ord(","): example[1:-5], ord("."): example[-2], ord("-"): MINUS}


def as_power(value: Number, digits: int) -> str:
    """The value, not 0, with at most so many digits and a power of ten: 1.5 · 10^300."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    power = exact.adjusted()
    return f"{written(exact.scaleb(-power), digits - 1)} · 10^{power}".replace("-", MINUS)


def with_unit(value: Number, indicator: Indicator) -> str:
    """The value with the indicator's decimals and the symbol of its unit, unbreakable."""
    return f"{written(value, indicator.decimals)}{NO_BREAK_SPACE}{indicator.unit.symbol}"


def percent(share: float, decimals: int = 0) -> str:
    """A share as per cent: 0.953 is 95 %."""
    return f"{written(share * 100, decimals)}{NO_BREAK_SPACE}%"


def ended(text: str) -> str:
    """The sentence with a full stop, unless it ends already: an abbreviation brings its own."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def in_a_sentence(date: str) -> str:
    """A date in words with its month as the language writes it: capitalised in English only."""
    return date if language() == "en" else date.lower()
