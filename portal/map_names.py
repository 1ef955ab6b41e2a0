"""Short names for tiles and discs, made from the full ones by rule, so that none is invented; pure."""

import re

_PARTS = re.compile(r"[\s-]+")
_KINDS = frozenset(
    ("облысы", "ауданы", "қаласы", "область", "район", "region", "district", "city", "город", "oblast")
)  # fmt: skip


def short(name: str) -> str:
    """The name without the word for its kind; of several words their first letters.

    `Солтүстік Қазақстан облысы` is СҚО, `Карагандинская область` Карагандинская, `область Абай` Абай.
    """
    words = [word for word in _PARTS.split(name) if word]
    own = [word for word in words if word.casefold() not in _KINDS]
    if len(own) == 2 and len(words) > 2:
        return "".join(word[0].upper() for word in words)
    return " ".join(own) or name
