"""What a password may not be made of: words that everybody connects with the portal (docs/security.md)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

WORDS = (
    "almaty", "analyst", "approver", "astana", "bagdar", "bağdar", "deputat", "kazakhstan", "maslikhat",
    "mäslihat", "password", "programma", "qazaqstan", "statistics", "stat.gov", "әкімдік", "алматы",
    "аналитик", "астана", "бағдар", "бағдарлама", "депутат", "құпиясөз", "қазақстан", "казахстан", "маслихат",
    "мәслихат", "пароль", "программа", "статистика",
)  # fmt: skip
FEWEST_OTHERS = 8
"""Letters and figures that must remain when the words are taken away."""


class ContextWordsValidator:
    """Refuses a password that is little more than such words."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        rest = re.sub("|".join(map(re.escape, sorted(WORDS, key=len, reverse=True))), "", password.casefold())
        if len(rest) < FEWEST_OTHERS and rest != password.casefold():
            raise ValidationError(self.get_help_text(), code="context_words")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("Your password must not be made of words that everybody connects with this portal.")
