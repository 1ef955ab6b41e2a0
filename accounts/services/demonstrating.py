"""Demonstration users, known by their role; their passwords are generated and shown once."""

import secrets
from typing import NamedTuple

from django.db import transaction

from accounts.models import Mandate, Organisation, User
from cities.models import Territory

DOMAIN = "bagdar.example"
Role = Mandate.Role


class Part(NamedTuple):
    """Who plays what: the name before the @, roles, the organisation's code, the territory's code."""

    name: str
    role: Role
    organisation: str
    territory: str


CAST = (
    Part("analyst", Role.ANALYST, "demo-statistics", "kazakhstan"),
    Part("almaty.analyst", Role.ANALYST, "demo-akimat", "almaty"),
    Part("approver", Role.APPROVER, "demo-akimat", "kazakhstan"),
    Part("coordinator", Role.COORDINATOR, "demo-ministry", "kazakhstan"),
    Part("deputy", Role.DEPUTY, "demo-maslikhat", "almaty"),
    Part("administrator", Role.ADMINISTRATOR, "demo-ministry", "kazakhstan"),
)

ORGANISATIONS = {
    "demo-statistics": ("statistics", "Үлгі: статистика", "Пример: статистика", "Demo: statistics office"),
    "demo-akimat": ("akimat", "Үлгі: қала әкімдігі", "Пример: акимат города", "Demo: city akimat"),
    "demo-ministry": ("ministry", "Үлгі: министрлік", "Пример: министерство", "Demo: ministry"),
    "demo-maslikhat": ("maslikhat", "Үлгі: мәслихат", "Пример: маслихат", "Demo: mäslihat"),
}  # fmt: skip


def create_demonstration_users() -> dict[str, str]:
    """Creates the users that do not exist yet; returns their e-mail addresses and passwords."""
    with transaction.atomic():
        for code, (kind, kk, ru, en) in ORGANISATIONS.items():
            names = {"name_kk": kk, "name_ru": ru, "name_en": en}
            Organisation.objects.get_or_create(code=code, defaults={"kind": kind, **names})
        return {email: password for part in CAST for email, password in _create(part)}


def _create(part: Part) -> list[tuple[str, str]]:
    email = f"{part.name}@{DOMAIN}"
    if User.objects.filter(email=email).exists():
        return []
    password = secrets.token_urlsafe(12)
    is_administrator = part.role == Role.ADMINISTRATOR
    user = User.objects.create_user(email, password, is_staff=is_administrator, is_superuser=is_administrator)
    Mandate.objects.create(
        user=user,
        role=part.role,
        organisation=Organisation.objects.get(code=part.organisation),
        territory=Territory.objects.get(code=part.territory),
    )
    return [(email, password)]
