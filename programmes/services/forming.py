"""Reporting forms made from a programme's KPIs."""

from pathlib import Path

from django.db import transaction

from accounts.models import Organisation
from cities.models import Territory
from indicators.models import FormLine, ReportingForm, Source
from indicators.periods import Frequency
from programmes.models import Kpi, Programme
from programmes.packages.reading import Reader
from programmes.packages.records import Record


def create_annual_form(*, programme: Programme, organisation: Organisation, source: Source) -> ReportingForm:
    """The yearly report of a programme's own target indicators, for their territories and its years.

    A form that exists already is left as it is: an administrator may have changed it.
    """
    with transaction.atomic():
        form, is_new = ReportingForm.objects.get_or_create(
            code=f"{programme.code}-annual",
            defaults={
                "organisation": organisation,
                "source": source,
                "frequency": Frequency.ANNUAL.value,
                "first_day": programme.starts_on.replace(month=1, day=1),
                "last_day": programme.ends_on,
                "name_kk": f"{programme.short_name_kk}: жылдық есеп",
                "name_ru": f"{programme.short_name_ru}: годовой отчёт",
                "name_en": f"{programme.short_name_en}: annual report",
            },
        )
        if is_new:
            kpis = list(programme.kpis.filter(territory__isnull=False, is_headline=True).order_by("order"))
            form.territories.set({kpi.territory_id for kpi in kpis if kpi.territory_id})
            _add_lines(form, kpis)
    return form


def create_forms(*, programme: Programme, organisation: Organisation, data: Path) -> list[ReportingForm]:
    """The forms that the programme's data describes (`forms.yaml`), for the members of its KPIs' groups and
    for its years. One that exists already is left as it is. Raises `PackageError`."""
    file = data / "programmes" / programme.code / "forms.yaml"
    with transaction.atomic():
        return [_create(record, programme, organisation) for record in Reader(data).entries(file, "forms")]


def _create(record: Record, programme: Programme, organisation: Organisation) -> ReportingForm:
    kpis = list(programme.kpis.filter(code__in=record["kpis"]).order_by("order"))
    if unknown := set(record["kpis"]) - {kpi.code for kpi in kpis}:
        raise record.error("kpis", f"the programme has no KPI {', '.join(sorted(unknown))}")
    form, is_new = ReportingForm.objects.get_or_create(
        code=record["code"],
        defaults={
            "organisation": organisation,
            "source": Source.objects.get(code=record["source"]),
            "frequency": record["frequency"],
            "due_days": record["due_days"],
            "first_day": programme.starts_on,
            "last_day": programme.ends_on,
            **record.texts("name"),
            **record.texts("basis"),
        },
    )
    if is_new:
        form.territories.set(Territory.objects.filter(groups__in={kpi.group_id for kpi in kpis}))
        _add_lines(form, kpis)
    return form


def _add_lines(form: ReportingForm, kpis: list[Kpi]) -> None:
    """One line for each indicator and breakdown, in the order of the KPIs."""
    pairs = dict.fromkeys((kpi.indicator_id, kpi.breakdown_id) for kpi in kpis)
    FormLine.objects.bulk_create(
        FormLine(form=form, indicator_id=indicator, breakdown_id=breakdown, order=order)
        for order, (indicator, breakdown) in enumerate(pairs)
    )


def make_form(*, form: ReportingForm, kpis: list[Kpi]) -> ReportingForm:
    """Stores the new form, with a line for each indicator of the KPIs and the territories in which they are
    promised: their own, or those of their groups' members."""
    with transaction.atomic():
        form.save()
        own = {kpi.territory_id for kpi in kpis if kpi.territory_id}
        of_groups = Territory.objects.filter(groups__in={kpi.group_id for kpi in kpis if kpi.group_id})
        form.territories.set({*own, *of_groups.values_list("pk", flat=True)})
        _add_lines(form, kpis)
    return form
