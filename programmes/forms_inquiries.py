"""The forms of an inquiry's way."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permissions import Action, answerers_for, askers_for, territories_for, users_at
from cities.models import Territory
from common.rest.filters import DateField
from indicators.filters import PeriodField
from indicators.models import Breakdown, Series
from programmes.models import Inquiry, Kpi, Programme, Question
from programmes.services.freezing import Wanted
from programmes.services.registering import Letter

LONGEST_POINT, LONGEST_ANSWER, MOST_POINTS, BLANKS = 5_000, 20_000, 50, 3


class PointsField(forms.Field):
    """The points of a letter, those that are written in; each at most so long."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        """The texts in their order."""
        one = forms.CharField(required=False, max_length=LONGEST_POINT, strip=True)
        texts = [text for each in value or () if (text := one.clean(each))]
        if len(texts) > MOST_POINTS:
            raise forms.ValidationError(
                _("An inquiry has at most %(most)s points."), params={"most": MOST_POINTS}
            )
        return texts


class LetterForm(forms.Form):
    """A deputies' inquiry as it stands on the letter."""

    number = forms.CharField(max_length=32, label=_("Number"))
    date = DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), label=_("Date"))
    language = forms.ChoiceField(choices=Inquiry.Language.choices, label=_("Language of the letter"))
    asker = forms.ModelChoiceField(Organisation.objects.none(), label=_("Asked in the name of"))
    addressees = forms.CharField(
        max_length=300, label=_("Deputies to whom the reply goes"),
        help_text=_("As the reply will address them, in the language of the letter."),
    )  # fmt: skip
    topic = forms.CharField(max_length=300, label=_("What it is about"))
    territory = forms.ModelChoiceField(Territory.objects.none(), to_field_name="code", label=_("Territory"))
    programme = forms.ModelChoiceField(
        Programme.objects.all(), to_field_name="code", required=False, label=_("Programme"),
        empty_label=_("none or several"),
    )  # fmt: skip
    addressed_to = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), widget=forms.CheckboxSelectMultiple, label=_("Addressed to"),
        help_text=_("The first one answers, until the coordinator gives the inquiry to another."),
    )  # fmt: skip
    point = PointsField(label=_("Points"), error_messages={"required": _("Write at least one point.")})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asking = {Organisation.Kind.MASLIKHAT, Organisation.Kind.PARLIAMENT}
        self._offer("asker", askers_for(user).order_by("code"))
        self._offer("addressed_to", Organisation.objects.exclude(kind__in=asking).order_by("code"))
        places = Territory.objects.filter(pk__in=territories_for(user, Action.REGISTER_INQUIRY))
        self._offer("territory", places.existing(timezone.localdate()).order_by("level", "code"))

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    @property
    def points(self) -> list[str]:
        """The points as typed so far, with blanks for more."""
        typed = self.data.getlist("point") if self.is_bound else []  # type: ignore[attr-defined]
        kept = [text for text in typed if text.strip()]
        more = 2 if "more" in self.data else 0
        return [*kept, *[""] * max(more, BLANKS - len(kept))]

    def letter(self) -> Letter:
        """What the valid form says."""
        found = self.cleaned_data
        return Letter(
            number=found["number"], date=found["date"], language=found["language"], topic=found["topic"],
            addressees=found["addressees"], asker=found["asker"], territory=found["territory"],
            addressed_to=list(found["addressed_to"]), programme=found["programme"], points=found["point"],
        )  # fmt: skip


class AssignForm(forms.Form):
    """Who answers: an organisation, and one of its people or whoever is free."""

    to = forms.ChoiceField(label=_("Who drafts the reply"))

    def __init__(self, *args: Any, inquiry: Inquiry, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        territory = inquiry.territory
        organisations = list(answerers_for(user, territory).order_by("code")) if territory else []
        places = [(territory.pk, each.pk) for each in organisations] if territory else []
        users = users_at(Action.ANSWER_INQUIRY, places) if places else {}
        people = User.objects.in_bulk(set().union(*users.values()))
        self.offered: dict[str, tuple[Organisation, User | None]] = {}
        groups = []
        for organisation, place in zip(organisations, places, strict=True):
            group: list[tuple[str, Any]] = [(f"{organisation.pk}:", _("whoever is free"))]
            self.offered[f"{organisation.pk}:"] = organisation, None
            for pk in sorted(users[place]):
                self.offered[f"{organisation.pk}:{pk}"] = organisation, people[pk]
                group.append((f"{organisation.pk}:{pk}", str(people[pk])))
            groups.append((organisation.name, group))
        self.fields["to"].choices = groups  # type: ignore[attr-defined]
        self.initial.setdefault("to", f"{inquiry.organisation_id}:{inquiry.assignee_id or ''}")

    @property
    def chosen(self) -> tuple[Organisation, User | None]:
        """What the valid form says."""
        return self.offered[self.cleaned_data["to"]]


class AnswerForm(forms.Form):
    """The answers, a field for each point, and who will sign the letter."""

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions: list[Question] = list(inquiry.questions.order_by("order"))
        for question in self.questions:
            self.fields[f"answer-{question.pk}"] = forms.CharField(
                required=False, max_length=LONGEST_ANSWER, label=_("Answer"),
                initial=getattr(question, f"answer_{inquiry.language}"),
                widget=forms.Textarea(attrs={"rows": 8, "class": "input", "lang": inquiry.language}),
            )  # fmt: skip
        self.fields["signatory"] = forms.CharField(
            required=False, max_length=300, label=_("Who signs: position and name"),
            initial=getattr(inquiry, f"replied_by_{inquiry.language}"),
        )  # fmt: skip

    def points(self) -> list[tuple[Question, forms.BoundField]]:
        """Each point with its field."""
        return [(question, self[f"answer-{question.pk}"]) for question in self.questions]

    @property
    def answers(self) -> dict[int, str]:
        """The texts by the id of their point."""
        return {question.pk: self.cleaned_data[f"answer-{question.pk}"] for question in self.questions}


class _Breakdowns(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class FigureForm(forms.Form):
    """Which figure of a KPI is frozen: where, for which point, of which breakdown and period."""

    territory = forms.ModelChoiceField(
        Territory.objects.none(), to_field_name="code", required=False, label=_("Territory")
    )
    question = forms.ModelChoiceField(
        Question.objects.none(), required=False, label=_("Point"), empty_label=_("the whole inquiry")
    )
    breakdown = _Breakdowns(
        Breakdown.objects.none(), required=False, label=_("Breakdown"), empty_label=_("as the KPI has it")
    )
    period = PeriodField(
        required=False, max_length=7, label=_("Period"),
        help_text=_("Such as 2024 or 2024-Q3; empty for the latest figure known on the day."),
    )  # fmt: skip

    def __init__(self, *args: Any, inquiry: Inquiry, kpi: Kpi, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kpi = kpi
        if kpi.group is None:
            places = Territory.objects.filter(kpis=kpi)
            self._set("territory", empty_label=None, initial=kpi.territory)
        else:
            places = Territory.objects.filter(memberships__group=kpi.group).distinct()
            self._set("territory", empty_label=_("the group as a whole"), initial=inquiry.territory)
        own = Series.objects.filter(indicator=kpi.indicator_id, territory__in=places)
        others = Breakdown.objects.filter(pk__in=own.values("breakdown")).exclude(pk=kpi.breakdown_id)
        self._set("territory", queryset=places)
        self._set("question", queryset=inquiry.questions.order_by("order"))
        self._set("breakdown", queryset=others.prefetch_related("categories").order_by("code"))

    def _set(self, name: str, **values: Any) -> None:
        for key, value in values.items():
            setattr(self.fields[name], key, value)

    def wanted(self) -> Wanted:
        """What the valid form says."""
        found = self.cleaned_data
        return Wanted(self.kpi, found["territory"], found["question"], found["breakdown"], found["period"])
