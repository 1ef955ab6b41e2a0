"""What a file leaves open, asked once: unknown names with suggestions, and units that disagree."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from indicators.choices import Choices, PickField
from indicators.models import Indicator, Unit, Upload
from indicators.services.suggesting import Asked, suggest
from indicators.writing import written

OTHER = ""
"""The answer that nothing of what is suggested is meant."""


class NameQuestion(NamedTuple):
    """A text that is not understood, how many figures that costs, and the inputs of its answer."""

    kind: str
    text: str
    figures: int
    suggested: forms.BoundField
    other: forms.BoundField


class UnitQuestion(NamedTuple):
    """Figures in another unit than their indicator's, and the input of the decision, if there is one."""

    figures: int
    stated: str
    indicator: str
    expected: str
    decision: forms.BoundField | None


class QuestionsForm(forms.Form):
    """The open questions of an upload; an answer left empty leaves its question open."""

    def __init__(self, data: QueryDict | None, *, upload: Upload, choices: Choices) -> None:
        super().__init__(data)
        self.upload, self.choices = upload, choices
        self.asked = [
            (Asked(found["kind"], found["text"], found["dimension"]), int(found["figures"]))
            for found in upload.findings.get("questions", [])
        ]
        likely = suggest(asked for asked, _count in self.asked)
        for number, (asked, _count) in enumerate(self.asked):
            named = [(code, choices.of(asked.kind).get(code, code)) for code in likely[asked]]
            self.fields[f"name-{number}"] = forms.ChoiceField(
                choices=[*named, (OTHER, _("none of these"))], required=False, widget=forms.RadioSelect,
                label=asked.text,
            )  # fmt: skip
            self.fields[f"other-{number}"] = PickField(choices, asked.kind, label=_("Another one"))
        self.disagreeing = list(_disagreeing(upload))
        for position, found in self.disagreeing:
            if found["factor"] is not None:
                self.fields[_name(position, found)] = _decision(found)

    @property
    def has_any(self) -> bool:
        """Whether anything is asked."""
        return bool(self.asked or self.disagreeing)

    @property
    def names(self) -> Iterator[NameQuestion]:
        """The questions about names."""
        for number, (asked, figures) in enumerate(self.asked):
            yield NameQuestion(
                asked.kind, asked.text, figures, self[f"name-{number}"], self[f"other-{number}"]
            )

    @property
    def units(self) -> Iterator[UnitQuestion]:
        """The questions about units."""
        units = {row.code: row for row in Unit.objects.all()}
        indicators = {row.code: row for row in Indicator.objects.select_related("unit")}
        for position, found in self.disagreeing:
            name, indicator = _name(position, found), indicators[found["indicator"]]
            decision = self[name] if name in self.fields else None
            stated = units[found["unit"]].name
            yield UnitQuestion(found["figures"], stated, indicator.name, indicator.unit.name, decision)

    @property
    def explained(self) -> list[tuple[str, str, str]]:
        """The names that were explained: kind, text and code."""
        cleaned = self.cleaned_data
        answers = [
            (asked.kind, asked.text, cleaned[f"other-{number}"] or cleaned[f"name-{number}"])
            for number, (asked, _count) in enumerate(self.asked)
        ]
        return [answer for answer in answers if answer[-1]]

    @property
    def conversions(self) -> dict[str, dict[str, Any]]:
        """By the position of a table the units from which its figures are to be converted."""
        converted: dict[str, set[str]] = {}
        for position, found in self.disagreeing:
            name = _name(position, found)
            if name in self.changed_data:
                before = [
                    other["unit"]
                    for at, other in self.disagreeing
                    if at == position and other["is_converted"]
                ]
                units = converted.setdefault(position, set(before))
                (units.add if self.cleaned_data[name] == "convert" else units.discard)(found["unit"])
        return {position: {"convert": sorted(units)} for position, units in converted.items()}


def _disagreeing(upload: Upload) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in upload.recognised:
        for found in table.get("disagreeing", []):
            yield table["position"], found


def _name(position: str, found: dict[str, Any]) -> str:
    return f"unit-{position}-{found['unit']}-{found['indicator']}"


def _decision(found: dict[str, Any]) -> forms.ChoiceField:
    factor = written(Decimal(found["factor"]), 12)
    return forms.ChoiceField(
        choices=[("convert", _("convert: × %(factor)s") % {"factor": factor}), ("", _("leave them out"))],
        required=False, widget=forms.RadioSelect, label=_("What to do"),
        initial="convert" if found["is_converted"] else "",
    )  # fmt: skip
