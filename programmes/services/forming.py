"""Reporting forms made from a programme's KPIs."""

from django.db import transaction

from accounts.models import Organisation
from indicators.models import FormLine, ReportingForm, Source
from indicators.periods import Frequency
from programmes.models import Programme


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
            pairs = dict.fromkeys((kpi.indicator_id, kpi.breakdown_id) for kpi in kpis)
            FormLine.objects.bulk_create(
                FormLine(form=form, indicator_id=indicator, breakdown_id=breakdown, order=order)
                for order, (indicator, breakdown) in enumerate(pairs)
            )
    return form
