"""What is asked of a person who orders a paper: what it tells of, and in which language."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Territory
from common.names import language
from papers.models import Paper
from programmes.applied.strategies import described
from programmes.applied.towns import LIST
from programmes.models import Programme


class ByName(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among rows with a code and a name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name in the reader's language."""
        return str(obj.name)


class OrderForm(forms.Form):
    """The language of a paper; the forms of its kinds ask for the rest."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, label=gettext_lazy("Language of the report"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language()
        self.order_fields([*(name for name in self.fields if name != "language"), "language"])


class ProgrammeForm(OrderForm):
    """A programme and years of its term."""

    programme = ByName(Programme.objects.all(), to_field_name="code", label=gettext_lazy("Programme"))
    first_year = forms.IntegerField(label=gettext_lazy("From year"), min_value=1990, max_value=2100)
    last_year = forms.IntegerField(label=gettext_lazy("To year"), min_value=1990, max_value=2100)

    def clean(self) -> dict[str, Any]:
        """The years follow one another and lie within the programme's term."""
        given: dict[str, Any] = super().clean() or {}
        programme, first, last = (given.get(name) for name in ("programme", "first_year", "last_year"))
        if programme is None or first is None or last is None:
            return given
        begins, ends = programme.starts_on.year, programme.ends_on.year
        if first > last:
            self.add_error("last_year", _("The last year comes before the first."))
        elif first < begins or last > ends:
            words = _("The programme runs from %(first)s to %(last)s: choose years within it.")
            self.add_error("first_year", words % {"first": begins, "last": ends})
        return given


class MonotownsForm(OrderForm):
    """One of the towns, or all."""

    territory = ByName(
        Territory.objects.filter(groups__code=LIST).distinct(),
        to_field_name="code", required=False, empty_label=gettext_lazy("all monotowns"),
        label=gettext_lazy("Town"),
    )  # fmt: skip


class StrategyForm(OrderForm):
    """A programme whose package describes a city's strategy."""

    programme = ByName(Programme.objects.all(), to_field_name="code", label=gettext_lazy("Strategy"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        assert isinstance(field, ByName)  # noqa: S101 - it is declared above
        field.queryset = Programme.objects.filter(code__in=described())


class QualityForm(OrderForm):
    """One programme's figures, or all."""

    programme = ByName(
        Programme.objects.all(), to_field_name="code", required=False,
        empty_label=gettext_lazy("all figures"), label=gettext_lazy("Programme"),
    )  # fmt: skip


FORMS: dict[str, type[OrderForm]] = {
    Paper.Kind.PROGRAMME: ProgrammeForm,
    Paper.Kind.MONOTOWNS: MonotownsForm,
    Paper.Kind.STRATEGY: StrategyForm,
    Paper.Kind.QUALITY: QualityForm,
}
"""What each kind asks for."""


def suggested(kind: str, programme: str) -> dict[str, Any]:
    """What a form begins with where a page leads to it: the programme, and its years until now."""
    found = Programme.objects.filter(code=programme).first()
    if found is None:
        return {}
    this_year = timezone.localdate().year
    last = max(found.starts_on.year, min(this_year, found.ends_on.year))
    return {"programme": found.code, "first_year": found.starts_on.year, "last_year": last}
