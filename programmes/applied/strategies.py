"""The checklist of city strategies applied to the programmes whose package describes one, in words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.names import language
from programmes.methods.city_strategy import RULES, Answer, Rule, Section, Summary, evaluate, summarise
from programmes.methods.strategies import Strategy, strategy_of
from programmes.packages.reading import Reader

FILE = "checklist.yaml"
TEXTS = Path("methods/city-strategy.yaml")
FILES_KEPT = 8
NUMBERS = {
    "required": _("asked"),
    "present": _("told"),
    "found": _("found"),
    "dated": _("dated"),
    "stated": _("stated"),
    "listed": _("listed"),
    "required_years": _("years asked"),
    "shortest": _("years in the shortest series"),
    "allowed": _("years allowed between values"),
    "longest": _("years between values at most"),
}


@dataclass(frozen=True)
class Place:
    """Lines of a document, as `programmes/place.html` shows them."""

    section: str
    lines: list[int]


@dataclass(frozen=True)
class RuleInWords:
    """A rule with its title and the place in the methodology."""

    rule: Rule
    title: str
    place: Place


@dataclass(frozen=True)
class AnswerInWords:
    """What a strategy's description says to a rule, in the reader's language."""

    rule: RuleInWords
    outcome: str
    word: str
    reason: str
    numbers: list[tuple[str, int]]
    items: list[str]


def described() -> list[str]:
    """The codes of the programmes whose package describes a city's strategy."""
    return sorted(path.parent.name for path in settings.DATA_DIR.glob(f"programmes/*/{FILE}"))


def strategy(programme: str) -> Strategy:
    """What is known of the programme's strategy; `PackageError` where the file is not as its schema says."""
    return strategy_of(_read(settings.DATA_DIR / "programmes" / programme / FILE, "checklist"))


def sections() -> list[tuple[str, list[RuleInWords]]]:
    """All rules by section, in the order of the checklist."""
    rules = _rules()
    names = _texts()["words"]["sections"]
    return [
        (_in_words(names[section.value]), [rules[rule.code] for rule in RULES if rule.section == section])
        for section in Section
    ]


def judged(programme: str, on: dt.date) -> tuple[Summary, list[tuple[str, str, int]], list[AnswerInWords]]:
    """The summary by the wording of the day, (outcome, word, count) of each, and the answers in words."""
    summary = summarise(evaluate(strategy(programme), on))
    words = _texts()["words"]
    counts = [
        (outcome.value, _in_words(words["outcomes"][outcome.value]), count)
        for outcome, count in summary.counts.items()
    ]
    rules = _rules()
    return summary, counts, [_answer(answer, rules, words) for answer in summary.answers]


def _answer(answer: Answer, rules: Mapping[str, RuleInWords], words: Mapping[str, Any]) -> AnswerInWords:
    items = [_item(code, words["items"]) for code in answer.items]
    return AnswerInWords(
        rule=rules[answer.rule.code],
        outcome=answer.outcome.value,
        word=_in_words(words["outcomes"][answer.outcome.value]),
        reason=_in_words(words["reasons"][answer.reason.value]),
        numbers=[(str(NUMBERS[name]), number) for name, number in answer.numbers.items()],
        items=items,
    )


def _item(code: str, words: Mapping[str, Any]) -> str:
    """A code in words, part by part: `smart_city.problems`."""
    return ": ".join(_in_words(words[part]) if part in words else part for part in code.split("."))


def _rules() -> dict[str, RuleInWords]:
    titles = {entry["code"]: entry for entry in _texts()["rules"]}
    return {
        rule.code: RuleInWords(
            rule,
            _in_words(titles[rule.code]["title"]),
            Place(titles[rule.code]["cite"].get("section", ""), titles[rule.code]["cite"]["lines"]),
        )
        for rule in RULES
    }


def _in_words(text: Mapping[str, str]) -> str:
    return text[language()]


def _texts() -> Mapping[str, Any]:
    return _read(settings.DATA_DIR / TEXTS, "methods")


def _read(path: Path, schema: str) -> Mapping[str, Any]:
    return _parsed(path, sha256(path.read_bytes()).hexdigest(), schema)


@lru_cache(maxsize=FILES_KEPT)
def _parsed(path: Path, digest: str, schema: str) -> Mapping[str, Any]:
    """The file of this content."""
    return Reader(settings.DATA_DIR).entry(path, schema).data
