"""Outlines of territories from a GeoJSON file into the table, each matched with its territory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from cities.geometry import Feature, GeometryError, read_features
from cities.models import Boundary, Territory
from indicators.services.vocabulary import gather_vocabulary
from indicators.tables.territories import resolve_territories

LISTED = 20  # names of properties that a message repeats


class BoundariesError(ValueError):
    """Why nothing was loaded, and what to do."""


@dataclass
class Loaded:
    """What a file held: territories whose outline was stored, and a sentence for each feature without one."""

    territories: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def load_boundaries(*, content: bytes, name: str, source: str, allow_unmatched: bool = False) -> Loaded:
    """Stores the outlines of a GeoJSON file; an earlier outline of the same territory is replaced.

    `name` is the property that names the territory: by its code here, its KATO code, the Bureau's code, or
    any spelling of its name that tables may use. Features that match none or several territories are
    reported; nothing is stored then unless `allow_unmatched`. Raises `BoundariesError`.
    """
    if not source.strip():
        raise BoundariesError("Say where the outlines come from: their source is shown below the map.")
    try:
        features = read_features(content)
    except GeometryError as error:
        raise BoundariesError(str(error)) from error
    loaded = Loaded()
    matched = _match(_named(features, name), loaded)
    loaded.territories = sorted(matched)
    if loaded.unmatched and not allow_unmatched:
        return Loaded([], loaded.unmatched)
    _store(matched, source.strip())
    return loaded


def _named(features: Sequence[Feature], name: str) -> list[tuple[Feature, str]]:
    """Each feature with the text that names its territory, empty where it has none."""
    texts = [(feature, _text(feature.properties.get(name))) for feature in features]
    if not any(text for _feature, text in texts):
        known = sorted({key for feature in features for key in feature.properties})[:LISTED]
        listed = ", ".join(known) or "none at all"
        raise BoundariesError(f"No feature has a property “{name}”. Name one of those it has: {listed}.")
    return texts


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a code that a program wrote as a number
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _match(named: Sequence[tuple[Feature, str]], loaded: Loaded) -> dict[str, Feature]:
    """Features by the code of their territory."""
    counts = Counter(text for _feature, text in named if text)
    found = resolve_territories(counts, gather_vocabulary())
    matched: dict[str, Feature] = {}
    for feature, text in named:
        meant = found.get(text)
        if meant is None or (meant.code is None and not meant.candidates):
            loaded.unmatched.append(_unknown(feature, text))
        elif meant.code is None:
            listed = ", ".join(meant.candidates)
            loaded.unmatched.append(
                f"Feature {feature.number}: “{text}” may mean {listed}. Write the code of the one meant."
            )
        elif meant.code in matched:
            loaded.unmatched.append(
                f"Feature {feature.number}: “{text}” means {meant.code}, as does feature "
                f"{matched[meant.code].number}. Join the two into one MultiPolygon."
            )
        else:
            matched[meant.code] = feature
    return matched


def _unknown(feature: Feature, text: str) -> str:
    if not text:
        return f"Feature {feature.number} has no name in that property. Write the territory's code there."
    return (
        f"Feature {feature.number}: no territory is called “{text}”. Write its code or KATO code there, or "
        "add the spelling to the territory's other names."
    )


@transaction.atomic
def _store(matched: dict[str, Feature], source: str) -> None:
    now = timezone.now()
    ids = dict(Territory.objects.filter(code__in=matched).values_list("code", "pk"))
    rows = [
        Boundary(territory_id=ids[code], geometry=feature.geometry, source=source, loaded_at=now)
        for code, feature in matched.items()
    ]
    Boundary.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["territory"],
        update_fields=["geometry", "source", "loaded_at"],
    )
