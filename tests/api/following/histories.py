"""Random histories of the published data: what people and jobs do, in transactions that overlap."""

import datetime as dt
import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from cities.models import Territory
from indicators.models import Dimension, Indicator, Observation, ObservationRevision, Series, Source, Unit
from indicators.services.publishing import Figure, publish
from programmes.models import (
    Discrepancy,
    DiscrepancyStatement,
    Goal,
    Kpi,
    LegalAct,
    Programme,
    Standing,
    Target,
)
from programmes.services.recomputing import drain_outbox, recompute
from tests.patience import PATIENCE_SECONDS

NAMES = {f"name_{code}": "x" for code in ("kk", "ru", "en")}
TITLES = {f"title_{code}": "x" for code in ("kk", "ru", "en")}
Deed = Callable[[random.Random], object]


def some(dice: random.Random, rows: Any) -> Any:
    """A row, at random; the same for the same dice."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return rows.get(pk=dice.choice(keys))


def word(dice: random.Random) -> str:
    return f"{dice.randrange(10**9):x}"


def publish_figures(dice: random.Random) -> None:
    """New figures and revised ones, of a few series."""
    figures = {}
    for _ in range(dice.randint(1, 6)):
        line = some(dice, Series.objects.filter(frequency="A"))
        start = dt.date(dice.randint(2015, 2026), 1, 1)
        figures[line.pk, start] = Figure(
            line.indicator_id, line.territory_id, line.breakdown_id, line.source_id, "A", start,
            Decimal(dice.randint(1, 999)) / 10, "A", "history",
        )  # fmt: skip
    publish(figures.values(), reason=word(dice))


def take_back_a_figure(dice: random.Random) -> None:
    """What a figure was before its last revision; missing where it was not."""
    last = some(dice, ObservationRevision.objects.filter(pk__gte=_late_revision()))
    earlier = ObservationRevision.objects.filter(
        series=last.series_id, period_start=last.period_start, pk__lt=last.pk
    ).last()
    line = last.series
    publish(
        [
            Figure(
                line.indicator_id, line.territory_id, line.breakdown_id, line.source_id, line.frequency,
                last.period_start, earlier.value if earlier else None, earlier.status if earlier else "O",
                "history",
            )
        ],
        reason="taken back",
    )  # fmt: skip


def _late_revision() -> int:
    return ObservationRevision.objects.latest("pk").pk - 40


def edit_a_kpi(dice: random.Random) -> None:
    Kpi.objects.filter(pk=some(dice, Kpi.objects).pk).update(name_en=word(dice))


def move_a_kpi(dice: random.Random) -> None:
    """To another goal of its programme: it leaves a filter, or enters it."""
    kpi = some(dice, Kpi.objects)
    goals = Goal.objects.filter(programme=kpi.programme_id)
    Kpi.objects.filter(pk=kpi.pk).update(
        goal=some(dice, goals) if goals else None, indicator=some(dice, Indicator.objects)
    )


def delete_a_kpi(dice: random.Random) -> None:
    some(dice, Kpi.objects.filter(companions=None)).delete()


def add_a_kpi(dice: random.Random) -> None:
    """Under one of a few codes, so that what was deleted comes again."""
    model = some(dice, Kpi.objects.filter(territory__isnull=False))
    code = f"H-{dice.randrange(5)}"
    if not Kpi.objects.filter(programme=model.programme_id, code=code).exists():
        model.pk, model.code, model.together_with = None, code, None
        model.save()
        Target.objects.create(
            kpi=model, period_start=model.programme.ends_on.replace(month=1, day=1), value=1
        )
        recompute([model.pk])


def amend_a_target(dice: random.Random) -> None:
    """A new act sets another value from a day on."""
    old = some(dice, Target.objects.filter(valid_to=None, act__isnull=False))
    act, _made = LegalAct.objects.get_or_create(
        programme=old.kpi.programme, code=f"h-{dice.randrange(10**6)}",
        defaults={"kind": "amendment", **TITLES},
    )  # fmt: skip
    day = dt.date(2026, 1, 1)
    if old.valid_from is None or old.valid_from < day:
        Target.objects.filter(pk=old.pk).update(valid_to=day)
        Target.objects.create(
            kpi=old.kpi, act=act, frequency=old.frequency, period_start=old.period_start,
            value=dice.randint(1, 99), valid_from=day,
        )  # fmt: skip


def drop_a_target(dice: random.Random) -> None:
    some(dice, Target.objects).delete()


def move_a_target(dice: random.Random) -> None:
    """Its period is part of its id."""
    target = some(dice, Target.objects)
    start = target.period_start.replace(year=target.period_start.year - 1)
    if not Target.objects.filter(kpi=target.kpi_id, period_start=start).exists():
        Target.objects.filter(pk=target.pk).update(period_start=start)


def edit_a_goal(dice: random.Random) -> None:
    Goal.objects.filter(pk=some(dice, Goal.objects).pk).update(
        kind=dice.choice(["section", "task", "goal"]), name_ru=word(dice)
    )


def delete_a_goal(dice: random.Random) -> None:
    some(dice, Goal.objects.filter(kpis=None, children=None)).delete()


def add_a_goal(dice: random.Random) -> None:
    programme = some(dice, Programme.objects)
    Goal.objects.get_or_create(
        programme=programme, code=f"h{dice.randrange(6)}", defaults={"kind": "task", **NAMES}
    )


def edit_the_catalogue(dice: random.Random) -> None:
    model = dice.choice([Unit, Source, Indicator, Territory, Programme])
    model._default_manager.filter(pk=some(dice, model._default_manager.all()).pk).update(name_kk=word(dice))


def break_an_indicator_down(dice: random.Random) -> None:
    indicator, dimension = some(dice, Indicator.objects), some(dice, Dimension.objects)
    if dice.random() < 0.5:
        indicator.dimensions.add(dimension)
    else:
        indicator.dimensions.clear()


def add_or_remove_a_place(dice: random.Random) -> None:
    code = f"history-{dice.randrange(5)}"
    found = Territory.objects.filter(code=code).first()
    if found:
        found.delete()
    else:
        parent = some(dice, Territory.objects.filter(level="city"))
        Territory.objects.create(code=code, level="settlement", parent=parent, **NAMES)


def edit_a_discrepancy(dice: random.Random) -> None:
    deed = dice.randrange(3)
    discrepancy = some(dice, Discrepancy.objects)
    if deed == 0:
        discrepancy.kpis.set(Kpi.objects.filter(programme=discrepancy.programme_id)[: dice.randrange(3)])
    elif deed == 1:
        statement = some(dice, DiscrepancyStatement.objects)
        DiscrepancyStatement.objects.filter(pk=statement.pk).update(text_en=word(dice))
    else:
        discrepancy.delete()


def recompute_some(dice: random.Random) -> None:
    keys = list(Kpi.objects.order_by("pk").values_list("pk", flat=True))
    recompute(dice.sample(keys, 3))


def drain(dice: random.Random) -> None:
    drain_outbox()


def hand_delete_a_figure(dice: random.Random) -> None:
    line = some(dice, Series.objects.filter(frequency="A", observations__isnull=False).distinct())
    line.observations.filter(period_start=line.observations.latest("period_start").period_start).delete()


def forget_results(dice: random.Random) -> None:
    Standing.objects.filter(kpi=some(dice, Kpi.objects)).delete()


DEEDS: tuple[Deed, ...] = (
    publish_figures, publish_figures, publish_figures, take_back_a_figure, take_back_a_figure, edit_a_kpi,
    move_a_kpi, delete_a_kpi, add_a_kpi, add_a_kpi, amend_a_target, amend_a_target, drop_a_target,
    move_a_target,
    edit_a_goal, delete_a_goal, add_a_goal, edit_the_catalogue, edit_the_catalogue, break_an_indicator_down,
    add_or_remove_a_place, edit_a_discrepancy, recompute_some, drain, hand_delete_a_figure, forget_results,
)  # fmt: skip


class Writer:
    """Somebody with a connection of his own, whose transactions stay open for a while.

    Whoever would wait for another's lock gives up, and so does whoever breaks a rule.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self.is_open = False
        self.done = 0

    def _ask(self, work: Callable[[], object]) -> bool:
        future: Future[object] = self._thread.submit(work)
        try:
            future.result(timeout=PATIENCE_SECONDS)
        except (DatabaseError, ProtectedError, IndexError, Observation.DoesNotExist):
            return False
        return True

    def do(self, deed: Deed, dice: random.Random) -> None:
        """Does one thing in its open transaction, or opens one."""

        def work() -> None:
            if not self.is_open:
                connection.set_autocommit(False)
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '100ms'")
            with transaction.atomic():
                deed(dice)

        if self._ask(work):
            self.is_open = True
            self.done += 1
        else:
            self.end(keep=False)

    def end(self, *, keep: bool) -> None:
        """Ends its transaction: for good, or as if it had never been."""

        def work() -> None:
            (connection.commit if keep else connection.rollback)()
            connection.set_autocommit(True)

        self._ask(work)
        self.is_open = False

    def leave(self) -> None:
        """Closes the connection."""
        self._ask(connection.close)
        self._thread.shutdown()
