"""What somebody may have looked for at an address where nothing is; pure."""

import re
from urllib.parse import unquote

LONGEST = 100
FRAME = frozenset(
    {
        "kk", "ru", "en", "programmes", "goals", "kpis", "indicators", "measures", "funding", "rules",
        "territories", "methods", "discrepancies", "inquiries", "compare", "search", "chart", "svg", "png",
        "html", "php", "index",
    }
)  # fmt: skip
"""Parts of addresses that name a kind of page, not what it is about."""


def words_of_address(path: str) -> str:
    """The words of an address, as one would type them into a search: `/kk/programmes/almaty-2035/` is
    "almaty 2035"; at most `LONGEST` characters, whole words."""
    words = re.findall(r"[^\W_]+", unquote(path, errors="ignore"))
    found = ""
    for word in words:
        if word.casefold() not in FRAME and len(found) + len(word) < LONGEST:
            found = f"{found} {word}".strip()
    return found
