"""An administrator brings catalogues in as files: preview first, everything or nothing."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from cities.models import Territory
from indicators.models import Indicator
from programmes.models import Kpi, Programme, Target, TouchedKpi
from programmes.tasks import send_drain
from tests.admin.conftest import Desk, csv, kinds, messages, problems

pytestmark = pytest.mark.usefixtures("programme")


def test_the_preview_shows_what_is_new_changed_and_unchanged(desk: Desk) -> None:
    content = csv(
        "code,level,parent,name_kk,name_ru,name_en",
        "sample-city,city,kazakhstan,Жаңа атау,Новое имя,A <new> name",
        "sample-district,city_district,sample-city,Аудан,Район,District",
        "kazakhstan,country,,{name_kk},{name_ru},{name_en}".format(
            **Territory.objects.values().get(code="kazakhstan")
        ),
    )

    preview = desk.upload("cities_territory", content)

    assert kinds(preview) == ["update", "new", "skip"]
    page = preview.content.decode()
    assert "New: 1. Changed: 1. Unchanged: 1." in page
    assert "<ins>A &lt;new&gt; name</ins>" in page
    assert 'style="' not in page
    assert not Territory.objects.filter(code="sample-district").exists()


def test_what_is_confirmed_is_stored_and_logged(desk: Desk) -> None:
    content = csv(
        "code,level,parent,name_kk,name_ru,name_en",
        "sample-district,city_district,sample-city,Аудан,Район,District",
    )

    answer = desk.load("cities_territory", content)

    district = Territory.objects.get(code="sample-district")
    assert district.parent is not None
    assert (district.parent.code, district.kato, district.name_kk) == ("sample-city", None, "Аудан")
    assert "1 new" in "".join(messages(answer))
    assert LogEntry.objects.filter(object_id=str(district.pk)).exists()


def test_columns_that_a_file_lacks_are_left_alone(desk: Desk) -> None:
    desk.load("cities_territory", csv("code,name_en", "sample-city,Renamed"))

    city = Territory.objects.get(code="sample-city")
    assert (city.name_en, city.longitude) == ("Renamed", Decimal("71.4"))


def test_indicators_come_with_their_unit_and_dimensions(desk: Desk) -> None:
    content = csv(
        "code;name_kk;name_ru;name_en;unit;dimensions;minimum;decimals",
        "sample-share;Үлес;Доля;Share;SAMPLE;SAMPLE_SEX;0,5;2",
    )

    desk.load("indicators_indicator", content)

    share = Indicator.objects.get(code="sample-share")
    assert (share.unit.code, share.minimum, share.decimals, share.aggregation) == (
        "SAMPLE", Decimal("0.5"), 2, "none",
    )  # fmt: skip
    assert [dimension.code for dimension in share.dimensions.all()] == ["SAMPLE_SEX"]


def test_kpis_and_targets_are_found_within_their_programme(desk: Desk, programme: Programme) -> None:
    kpis = csv(
        "programme,code,name_kk,name_ru,name_en,goal,indicator,breakdown,territory,comparator,form,"
        "baseline_period,baseline_value",
        "sample-programme,K-2,а,б,c,1,sample-rate,,sample-city,at_most,level,2020-Q4,12.50",
    )
    targets = csv(
        "programme,kpi,period,act,value",
        "sample-programme,K-2,2024-S1,adoption,10.1",
        "sample-programme,K-1,2024,adoption,2",
    )

    desk.load("programmes_kpi", kpis)
    preview = desk.upload("programmes_target", targets)
    desk.confirm("programmes_target", preview)

    kpi = Kpi.objects.get(programme=programme, code="K-2")
    assert (str(kpi.baseline_period), kpi.baseline_value) == ("2020-Q4", Decimal("12.50"))
    assert kpi.breakdown.code == ""
    assert kinds(preview) == ["new", "update"]
    target = kpi.targets.get()
    assert (str(target.period), target.value) == ("2024-S1", Decimal("10.1"))
    assert Target.objects.get(kpi__code="K-1", kpi__programme=programme, frequency="A").value == 2


def test_an_unknown_code_is_told_by_row_and_column_with_the_closest(desk: Desk) -> None:
    content = csv(
        "programme,kpi,period,act,value",
        "sample-programme,K-1,2025,adoption,1",
        "sample-programme,K-l,2025,adption,1",
        "sample-program,K-1,2025,,1",
    )

    answer = desk.upload("programmes_target", content)

    assert problems(answer) == [
        (3, "kpi", "K-l"),
        (3, "act", "adption"),
        (4, "programme", "sample-program"),
        (4, "kpi", "K-1"),
    ]
    page = answer.content.decode()
    assert "No KPI is called “K-l”. Closest: K-1." in page
    assert "No legal act is called “adption”. Closest: adoption." in page
    assert "Closest: sample-programme" in page
    assert not Target.objects.filter(period_start__year=2025, kpi__code="K-1").exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("period", "2024-13"),
        ("period", "2031"),
        ("value", "12 tonnes"),
        ("value", "NaN"),
        ("value", ""),
        ("valid_from", "31/12/2024"),
        ("qualifier", "exactly"),
    ],
)
def test_a_cell_that_makes_no_sense_is_a_problem_of_its_row(desk: Desk, column: str, value: str) -> None:
    row = {"programme": "sample-programme", "kpi": "K-1", "period": "2025", "act": "", "value": "1"}
    row[column] = value

    answer = desk.upload("programmes_target", csv(",".join(row), ",".join(row.values())))

    assert (2, column, value) in problems(answer)


def test_what_the_database_would_refuse_is_a_problem_of_its_row(desk: Desk) -> None:
    answer = desk.upload("cities_territory", csv("code,kato", "sample-city,12"))

    assert problems(answer) == [(2, "", "")]
    assert "territory_kato_has_nine_digits" in answer.content.decode()


def test_a_second_target_in_force_for_a_period_is_a_problem_of_its_row(desk: Desk) -> None:
    content = csv("programme,kpi,period,act,value", "sample-programme,K-1,2024,,5")

    answer = desk.upload("programmes_target", content)

    assert problems(answer) == [(2, "", "")]


def test_unknown_columns_are_told_with_the_closest(desk: Desk) -> None:
    answer = desk.upload("cities_territory", csv("code,name_eng", "sample-city,x"))

    assert problems(answer)[0] == (None, "", "")
    page = answer.content.decode()
    assert "No column is called “name_eng”. Closest: name_en" in page
    assert "Traceback" not in page


@pytest.mark.parametrize("value", ["{", "[1]", "text"])
def test_what_is_no_object_is_a_problem_of_its_row(desk: Desk, value: str) -> None:
    answer = desk.upload("indicators_indicator", csv("code,bureau_where", f"sample-rate,{value}"))

    assert problems(answer) == [(2, "bureau_where", value)]


def test_unknown_members_of_a_list_are_a_problem_of_their_row(desk: Desk) -> None:
    answer = desk.upload("indicators_indicator", csv("code,dimensions", "sample-rate,SAMPLE_SEX | AGEE"))

    assert problems(answer) == [(2, "dimensions", "SAMPLE_SEX | AGEE")]


def test_a_key_without_its_column_is_refused(desk: Desk) -> None:
    content = csv("programme,kpi,period,value", "sample-programme,K-1,2024,5")

    answer = desk.upload("programmes_target", content)

    assert (None, "", "") in problems(answer)
    assert "act" in answer.context["problems"][0].message


def test_nothing_is_stored_when_a_row_became_invalid_after_the_preview(desk: Desk) -> None:
    content = csv(
        "code,level,parent,name_kk,name_ru,name_en",
        "sample-1,city,kazakhstan,а,б,c",
        "sample-2,city_district,sample-city,а,б,c",
    )
    preview = desk.upload("cities_territory", content)
    Territory.objects.filter(code="sample-city").update(code="sample-town")

    answer = desk.confirm("cities_territory", preview)

    assert "Nothing was imported" in "".join(messages(answer))
    assert not Territory.objects.filter(code__in=["sample-1", "sample-2"]).exists()


def test_confirming_twice_asks_for_the_file_again(desk: Desk) -> None:
    preview = desk.upload("cities_territory", csv("code,name_en", "sample-city,Renamed"))
    desk.confirm("cities_territory", preview)

    answer = desk.confirm("cities_territory", preview)

    assert "no longer waiting" in "".join(messages(answer))


def test_a_file_of_another_format_is_refused_on_the_form(desk: Desk) -> None:
    answer = desk.upload("cities_territory", b"code\n1", "xlsx")

    assert answer.context["form"].errors["import_file"]


def test_imported_targets_have_progress_recomputed(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    content = csv("programme,kpi,period,act,value", "sample-programme,K-1,2025,,5")

    with django_capture_on_commit_callbacks() as callbacks:
        desk.load("programmes_target", content)

    assert send_drain in callbacks
    assert TouchedKpi.objects.filter(kpi__code="K-1").exists()
