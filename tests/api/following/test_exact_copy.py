"""A client that has followed any history, asking at any moments, ends with what a newcomer downloads."""

import random
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection
from django.db.models import ProtectedError, Value
from django.db.models.functions import Concat

from indicators.models import Unit
from programmes.services.running import recompute_everything
from tests.api.following.copies import Copy
from tests.api.following.histories import DEEDS, Writer
from tests.api.following.test_following import LISTS

pytestmark = pytest.mark.django_db
FILTERED = (
    ("kpis", {"programme": "almaty-2025", "territory": "almaty"}),
    ("goals", {"kind": "section"}),
    ("progress", {"programme": "almaty-2025", "course": "off_track"}),
    ("observations", {"territory": "almaty"}),
    ("targets", {"period_from": "2025"}),
)
STEPS = 150
KNOWN = (DatabaseError, ProtectedError, IndexError)
"""What somebody at work may come upon: another's lock, a rule, nothing left to choose from."""


class World:
    """Three writers at work, and what they do next."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.writers = [Writer() for _ in range(3)]

    def move_on(self) -> None:
        """Something happens, or several things, in transactions that are open for long or short."""
        for _ in range(self.dice.randint(1, 3)):
            writer = self.dice.choice(self.writers)
            if writer.is_open and self.dice.random() < 0.4:
                writer.end(keep=self.dice.random() < 0.8)
            else:
                writer.do(self.dice.choice(DEEDS), self.dice)

    def come_to_rest(self) -> None:
        """All transactions are over."""
        for writer in self.writers:
            writer.end(keep=True)

    def leave(self) -> None:
        """All connections are closed."""
        for writer in self.writers:
            writer.leave()


def sync(copy: Copy, world: World) -> None:
    """Brings a copy up to date while the writers go on."""
    copy.meanwhile = world.move_on if world.dice.random() < 0.5 else lambda: None
    copy.bring_up_to_date(limit=world.dice.choice([50, 400, 10_000]))
    copy.meanwhile = lambda: None


def change_what_cannot_be_told(world: World) -> None:
    """A code is corrected, or all results are exchanged, for which nobody may be reading them."""
    if world.dice.random() < 0.5:
        with suppress(*KNOWN), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            Unit.objects.filter(pk=Unit.objects.latest("pk").pk).update(code=Concat("code", Value("X")))
    else:
        world.come_to_rest()
        recompute_everything()


@pytest.mark.parametrize("seed", range(2))
def test_a_copy_that_was_followed_is_exact(seed: int) -> None:
    dice = random.Random(seed)
    world = World(dice)
    copies = [*(Copy(name) for name in LISTS), *(Copy(name, filters) for name, filters in FILTERED)]
    for copy in copies:
        copy.download()
    for step in range(STEPS):
        world.move_on()
        if dice.random() < 0.3:
            sync(dice.choice(copies), world)
        if step % 50 == 49:
            change_what_cannot_be_told(world)
    world.come_to_rest()
    assert sum(writer.done for writer in world.writers) > STEPS
    world.leave()
    for copy in copies:
        copy.bring_up_to_date(limit=dice.choice([20, 10_000]))
        fresh = Copy(copy.name, copy.filters)
        fresh.download()
        assert copy.rows == fresh.rows, copy.name
