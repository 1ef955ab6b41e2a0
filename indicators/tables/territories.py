"""Which territory a name means where the same name belongs to several: the rest of the table tells."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.tables.vocabulary import TerritoryMatch, Vocabulary

_WHOLE_COUNTRY = re.compile(r"\s*(?:(?:всего|итого)? ?по (?:республике|стране)|республика бойынша)\W*", re.I)
_TOTAL = re.compile(
    r"^\s*(?:всего|итого) по\s+|(?<=\S)[\s,:–—-]+(?:всего|итого|барлығы|total)\s*$", re.IGNORECASE
)
_PARTS = re.compile(r"\s*[/\n]\s*")


@dataclass(frozen=True, slots=True)
class Resolution:
    """The territory's code, or the codes of those it may be: none if the name is unknown."""

    code: str | None
    candidates: tuple[str, ...] = ()


def resolve_territories(names: Mapping[str, int], vocabulary: Vocabulary) -> dict[str, Resolution]:
    """The meaning of each name, given how many rows carry it.

    Of several territories the one is meant that stands on the level of most other rows; of several on that
    level, one that no other name of the table means: beside `Алматы қаласы`, `Алматы` is the oblast. Where
    the table does not tell, the one that somebody said is meant.
    """
    matches = {name: look_up_territory(name, vocabulary) for name in names}
    sure = {name: found[0] for name, found in matches.items() if len({m.code for m in found}) == 1}
    levels: Counter[int] = Counter()
    for name, match in sure.items():
        levels[match.level] += names[name]
    used = {match.code for match in sure.values()}
    return {
        name: Resolution(sure[name].code)
        if name in sure
        else _choose(found, levels, used) or _preferred(name, found, vocabulary)
        for name, found in matches.items()
    }


def _choose(found: Sequence[TerritoryMatch], levels: Counter[int], used: set[str]) -> Resolution | None:
    common = max((match.level for match in found), key=lambda level: levels[level], default=None)
    if common is not None and levels[common]:
        found = [match for match in found if match.level == common]
    left = {match.code for match in found} - used if len(found) > 1 else {match.code for match in found}
    return Resolution(left.pop()) if len(left) == 1 else None


def _preferred(name: str, found: Sequence[TerritoryMatch], vocabulary: Vocabulary) -> Resolution:
    candidates = tuple(sorted({match.code for match in found}))
    code = vocabulary.preferred(name)
    return Resolution(code) if code in candidates else Resolution(None, candidates)


def look_up_territory(text: str, vocabulary: Vocabulary) -> Sequence[TerritoryMatch]:
    """What a name may mean; also the code before it (`KZAKM: Акмолинская`), or names in two languages.

    The total of a territory (`Всего по Акмолинской области`) is its own figure.

    `Абай облысы / область Абай` means what both names mean; if one of them is unknown, nothing.
    """
    if _WHOLE_COUNTRY.fullmatch(text):
        text = vocabulary.country
    found = vocabulary.territory(text)
    if not found and ":" in text:
        found = vocabulary.territory(text.partition(":")[0])
    if not found and (shorter := _TOTAL.sub("", text)) != text:
        found = vocabulary.territory(shorter)
    parts = _PARTS.split(text)
    if found or len(parts) == 1:
        return found
    first, *others = (vocabulary.territory(part) for part in parts)
    codes = [{match.code for match in matches} for matches in others]
    return [match for match in first if all(match.code in also for also in codes)]
