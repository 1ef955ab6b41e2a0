"""A reporting form made of the KPIs that an administrator has chosen in their list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from indicators.models import ReportingForm
from programmes.models import Kpi
from programmes.services.forming import make_form


class NewFormForm(forms.ModelForm):  # type: ignore[type-arg] # no parameters at run time
    """What a reporting form says besides its lines and territories, which come from the KPIs."""

    class Meta:
        model = ReportingForm
        fields = (
            "code", "name_kk", "name_ru", "name_en", "organisation", "source", "frequency", "due_days",
            "first_day", "last_day", "requires_evidence",
        )  # fmt: skip


class MakesForms(admin.ModelAdmin):  # type: ignore[type-arg] # no parameters at run time
    """KPIs of which a reporting form can be made."""

    actions = ("make_reporting_form",)

    def has_make_form_permission(self, request: HttpRequest) -> bool:
        """Whoever may add reporting forms."""
        return request.user.has_perm("indicators.add_reportingform")

    @admin.action(description=_("Make a reporting form of the selected KPIs"), permissions=["make_form"])
    def make_reporting_form(self, request: HttpRequest, kpis: QuerySet[Kpi]) -> HttpResponse:
        """Asks for the rest of the form, then leads to its page, where lines can be changed."""
        chosen = list(kpis.order_by("programme", "order"))
        form = NewFormForm(request.POST if "make" in request.POST else None, initial=_initial(chosen))
        if form.is_valid():
            made = make_form(form=form.save(commit=False), kpis=chosen)
            return redirect("admin:indicators_reportingform_change", made.pk)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Make a reporting form of the selected KPIs"),
            "opts": self.opts,
            "form": form,
            "kpis": chosen,
        }
        return TemplateResponse(request, "admin/programmes/make_form.html", context)


def _initial(kpis: list[Kpi]) -> dict[str, object]:
    """What the KPIs themselves suggest."""
    programme = kpis[0].programme
    return {
        "code": f"{programme.code}-form",
        "frequency": kpis[0].indicator.frequency,
        "first_day": programme.starts_on,
        "last_day": programme.ends_on,
    }
