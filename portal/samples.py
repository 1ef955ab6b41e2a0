"""A form of every control, for the living style page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Sample(forms.Form):
    """One control of each kind; it is never sent."""

    words = forms.CharField(label=_("Words"), help_text=_("Parts of a name or a code."), required=False)
    year = forms.ChoiceField(label=_("Year"), choices=[("2024", "2024"), ("2025", "2025")])
    value = forms.DecimalField(label=_("Value"))
    note = forms.CharField(label=_("Note"), widget=forms.Textarea({"rows": 2}), required=False)
    file = forms.FileField(label=_("File"), required=False)
