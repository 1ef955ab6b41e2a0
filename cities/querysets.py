"""Words for asking about territories."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from cities.models import GroupMembership, Territory  # noqa: F401 - named as type parameters


def in_force(on: dt.date) -> Q:
    """Rows whose validity includes the day; an open end means ever since, or until further notice."""
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gt=on))


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Territories by validity, level and place in the tree."""

    def existing(self, on: dt.date) -> TerritoryQuerySet:
        """Those that exist on the day."""
        return self.filter(in_force(on))

    def within(self, roots: Collection[int]) -> TerritoryQuerySet:
        """The territories with these ids and everything below them."""
        tree = RawSQL(
            "WITH RECURSIVE tree(id) AS ("
            "SELECT id FROM cities_territory WHERE id = ANY(%s) "
            "UNION SELECT child.id FROM cities_territory child JOIN tree ON child.parent_id = tree.id"
            ") SELECT id FROM tree",
            [list(roots)],
        )
        return self.filter(pk__in=tree)

    def containing(self, places: Collection[int]) -> TerritoryQuerySet:
        """The territories with these ids and everything that they are part of."""
        chain = RawSQL(
            "WITH RECURSIVE chain(id, parent_id) AS ("
            "SELECT id, parent_id FROM cities_territory WHERE id = ANY(%s) "
            "UNION SELECT above.id, above.parent_id FROM cities_territory above "
            "JOIN chain ON above.id = chain.parent_id"
            ") SELECT id FROM chain",
            [list(places)],
        )
        return self.filter(pk__in=chain)


class MembershipQuerySet(models.QuerySet["GroupMembership"]):
    """Memberships by date."""

    def current(self, on: dt.date) -> MembershipQuerySet:
        """Those in force on the day."""
        return self.filter(in_force(on))
