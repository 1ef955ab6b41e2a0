"""What is exported and imported again changes nothing."""

import pytest
from django.utils import translation

from programmes.models import Programme
from tests.admin.conftest import FORMATS, Desk, kinds

MODELS = {
    "cities_territory": "sample-city",
    "cities_territoryalias": "=HYPERLINK",
    "indicators_unit": "SAMPLE",
    "indicators_source": "sample-source",
    "indicators_indicator": "sample-rate",
    "programmes_programme": "sample-programme",
    "programmes_kpi": "K-1",
    "programmes_target": "sample-programme",
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.usefixtures("programme")
def test_an_exported_file_changes_nothing(desk: Desk, model: str, form: str) -> None:
    content = desk.export(model, form)
    assert form == "xlsx" or MODELS[model].encode() in content

    preview = desk.upload(model, content, form)

    assert set(kinds(preview)) == {"skip"}
    assert "confirm_form" in preview.context


def test_an_exported_file_restores_what_was_deleted(desk: Desk, programme: Programme) -> None:
    kpis, targets = desk.export("programmes_kpi"), desk.export("programmes_target")
    before = list(programme.kpis.values_list("code", "targets__value", "targets__period_start", "goal__code"))
    programme.kpis.all().delete()

    desk.load("programmes_kpi", kpis)
    desk.load("programmes_target", targets)

    after = list(programme.kpis.values_list("code", "targets__value", "targets__period_start", "goal__code"))
    assert sorted(after) == sorted(before)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_figures_and_periods_are_written_exactly_in_every_language(
    desk: Desk, programme: Programme, language: str
) -> None:
    with translation.override(language):
        lines = desk.export("programmes_target").decode("utf-8-sig").splitlines()

    own = [line for line in lines if line.startswith(programme.code)]
    assert own == [
        "sample-programme,K-1,2024,adoption,1234567890.123456789012345,,exact,false,false,,,,,",
        "sample-programme,K-1,2024-Q3,,-0.5,,exact,false,false,,,,,",
    ]
