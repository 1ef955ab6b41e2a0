"""What of a programme was in force on a day, by the days that its acts state. Acts in, words out.

A day that a document does not state is never guessed: what hangs on it is `NOT_STATED`.
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol


class Act(Protocol):
    """A legal act: its kind, the day on which it was adopted, and the day from which it is in effect."""

    @property
    def kind(self) -> str: ...
    @property
    def adopted_on(self) -> dt.date | None: ...
    @property
    def effective_on(self) -> dt.date | None: ...


class Effect(StrEnum):
    """How an act stood on a day."""

    IN_EFFECT = "in_effect"
    NOT_STATED = "not_stated"
    PENDING = "pending"
    NOT_ADOPTED = "not_adopted"


class Force(StrEnum):
    """How a programme stood on a day."""

    NOT_ADOPTED = "not_adopted"
    PENDING = "pending"
    IN_FORCE = "in_force"
    NOT_STATED = "not_stated"
    REPEALED = "repealed"


def effect(act: Act, day: dt.date) -> Effect:
    """Whether the act was in effect; an act that came later is not adopted, even where it looks back."""
    if act.adopted_on is not None and act.adopted_on > day:
        return Effect.NOT_ADOPTED
    if act.effective_on is None:
        return Effect.NOT_STATED
    if act.effective_on <= day:
        return Effect.IN_EFFECT
    return Effect.NOT_ADOPTED if act.adopted_on is None else Effect.PENDING


def force(acts: Iterable[Act], day: dt.date) -> Force:
    """Whether the programme was in force; where a repeal may have been in effect, that is not stated."""
    found: dict[str, set[Effect]] = {"adoption": set(), "repeal": set()}
    for act in acts:
        if act.kind in found:
            found[act.kind].add(effect(act, day))
    adoption, repeal = found["adoption"], found["repeal"]
    if Effect.IN_EFFECT in repeal:
        return Force.REPEALED
    if not adoption or Effect.NOT_STATED in repeal:
        return Force.NOT_STATED
    for word in (Effect.IN_EFFECT, Effect.NOT_STATED, Effect.PENDING):
        if word in adoption:
            return Force.IN_FORCE if word == Effect.IN_EFFECT else Force(word)
    return Force.NOT_ADOPTED


def may_bind(force: Force, begins_on: dt.date, day: dt.date) -> bool:
    """Whether the programme's promises held; where that is not stated, they may have since it begins."""
    return force == Force.IN_FORCE or (force == Force.NOT_STATED and begins_on <= day)


def exclusion(act: Act | None, day: dt.date) -> Effect:
    """How the exclusion of a row stood on the day; `NOT_STATED` where no act is known to exclude it."""
    return Effect.NOT_STATED if act is None else effect(act, day)


def turning_days(acts: Iterable[Act]) -> list[dt.date]:
    """The days on which an act that makes, changes or ends the programme was adopted or took effect."""
    days = (
        day
        for act in acts
        if act.kind in {"adoption", "amendment", "repeal"}
        for day in (act.adopted_on, act.effective_on)
    )
    return sorted({day for day in days if day is not None})
