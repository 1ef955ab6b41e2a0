"""The environment as settings read it."""

import os


def flag(name: str, *, default: bool = False) -> bool:
    """Whether the variable says yes; `default` where it is not set or empty."""
    text = os.environ.get(name, "").lower()
    return text in {"1", "true", "yes"} if text else default


def words(name: str) -> list[str]:
    """What the variable lists, separated by commas and any spaces."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
