"""Territories and their groups as tables to take along."""

from cities.models import GroupMembership, Territory, TerritoryGroup
from common.exporting.columns import Column, Table, own, texts

TERRITORIES = Table(
    "territories",
    Territory,
    {
        "code": Column("code"),
        **dict(texts("name")),
        **dict(own(Territory, "level", "parent", "kato", "bureau_code", "valid_from", "valid_to")),
        **dict(own(Territory, "longitude", "latitude")),
    },
    order=("code",),
)
GROUPS = Table(
    "territory-groups",
    TerritoryGroup,
    {"code": Column("code"), **dict(texts("name", "note"))},
    order=("code",),
)
MEMBERSHIPS = Table(
    "memberships",
    GroupMembership,
    dict(own(GroupMembership, "group", "territory", "number", "valid_from", "valid_to", "official_class")),
    key="",
    order=("group__code", "number", "territory__code", "valid_from"),
)
TABLES = (TERRITORIES, GROUPS, MEMBERSHIPS)
