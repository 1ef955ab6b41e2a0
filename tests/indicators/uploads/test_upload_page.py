"""The page of an upload: its step, what was recognised and asked, the difference, and what was published."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mandate, User
from indicators.models import LearntName, TableMapping, Upload
from indicators.services.uploading import apply_upload, confirm_upload
from indicators.templatetags.uploads import Step, steps
from tests.indicators.uploads.conftest import Row, Send, read, workbook
from tests.indicators.uploads.test_correcting import ODD, READ_SO, correct

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
NEET = "indicator_8-6-1.csv"
HEAD = "Year,REF_AREA,SEX,Value\n"
MANY = HEAD + "2022,KZALA,,3.8\n2023,KZALA,,5.3\n2024,KZALA,,5.4\n2024,KZAKM,,6.1\n2024,Алматинск,,5.4\n"


def url(upload: Upload, page: str = "upload-detail", *args: int) -> str:
    return reverse(f"indicators:{page}", args=[upload.pk, *args])


def page(client: Client, upload: Upload, **query: str) -> str:
    return client.get(url(upload), query).content.decode()


def filled(client: Client, upload: Upload, **changed: Any) -> dict[str, Any]:
    """What the form of corrections sends with these inputs changed; `_` stands before a column's number."""
    context = client.get(url(upload)).context
    data = {name: field.value() or "" for name, field in ((f.name, f) for f in context["facts"])}
    for form in context["tables"]:
        for field in form:
            data[field.html_name] = field.value() if field.value() is not None else ""
            if field.name == "is_ignored" and not field.value():
                del data[field.html_name]
    return data | {
        f"table-0.0-{name.replace('column_', 'column-')}": value for name, value in changed.items()
    }


def send_correction(client: Client, upload: Upload, **changed: Any) -> int:
    return client.post(url(upload, "upload-correct"), filled(client, upload, **changed)).status_code


def test_every_step_is_marked_the_same_on_reload(send: Send, client_of: Browser, user: Cast) -> None:
    upload, client = send(NEET, HEAD + "2024,KZALA,,5.4\n"), client_of("analyst")
    current = [step.label for step in _steps(client, upload) if step.is_current]
    assert current == [step.label for step in _steps(client, upload)][2:3]
    assert page(client, upload).count('aria-current="step"') == 1
    confirm_upload(upload=upload, by=user("analyst"))
    apply_upload(upload.pk)
    assert [step.is_done for step in _steps(client, Upload.objects.get(pk=upload.pk))] == [True] * 4


def _steps(client: Client, upload: Upload) -> list[Step]:
    assert client.get(url(upload)).status_code == 200
    return steps(upload)


def test_the_first_rows_are_shown_with_their_roles(send: Send, client_of: Browser) -> None:
    shown = page(client_of("analyst"), send(NEET, MANY))
    assert '<td class="role role--territory">KZALA</td>' in shown
    assert '<td class="role role--value">5.4</td>' in shown
    assert '<span class="role role--territory">' in shown


def test_no_worker_reads_a_file_for_the_page(send: Send, client_of: Browser) -> None:
    upload = send(NEET, MANY)
    upload.file.delete(save=False)
    assert "Алматинск" in page(client_of("analyst"), upload)


def test_a_table_is_corrected_on_the_page(send: Send, client_of: Browser) -> None:
    upload, client = send("odd.xlsx", workbook(Лист=ODD)), client_of("analyst")
    status = send_correction(
        client, upload, header_from=2, header_to=2, first_row=3, column_0="territory", column_1="value",
        column_2="ignored", indicator="neet-share", period="2024",
    )  # fmt: skip
    assert status == 302
    upload.refresh_from_db()
    assert (upload.state, upload.corrections) == (Upload.State.RECEIVED, {"0.0": READ_SO})
    assert read(upload).counts["new"] == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"column_3": "ignored"}, "No column holds figures"),
        ({"column_0": "territory"}, "Two columns are said to hold the same"),
        ({"header_to": "5"}, "The heading stands above the first row of figures"),
        ({"first_row": "900"}, "The heading stands above the first row of figures"),
        ({"indicator": "Нет такого"}, "is not in the list"),
        ({"period": "soon"}, "is not a period"),
        ({"column_0": "emperor"}, "emperor"),
    ],
)
def test_nonsense_is_refused_in_words_and_loses_nothing(
    send: Send, client_of: Browser, changed: dict[str, str], words: str
) -> None:
    upload, client = send(NEET, MANY), client_of("analyst")
    data = filled(client, upload, **changed, unit="PERSONS")
    response = client.post(
        reverse("indicators:upload-correct", args=[upload.pk]).replace("/kk/", "/en/"), data
    )
    assert response.status_code == 422
    assert words in response.content.decode()
    assert response.context["tables"][0]["unit"].value() == "persons · PERSONS"
    upload.refresh_from_db()
    assert (upload.state, upload.corrections) == (Upload.State.PREVIEWED, {})
    assert upload.counts["new"] == 2


def test_the_source_is_corrected_to_one_that_the_sender_speaks_for(send: Send, client_of: Browser) -> None:
    upload, client = send(NEET, MANY), client_of("analyst")
    data = filled(client, upload)
    choices = client.get(url(upload)).context["facts"].fields["source"].queryset
    assert set(choices.values_list("kind", flat=True)) <= {"bureau", "international", "survey"}
    assert client.post(url(upload, "upload-correct"), data | {"source": 999999}).status_code == 422
    client.post(url(upload, "upload-correct"), data | {"released_on": "2025-03-01"})
    upload.refresh_from_db()
    assert str(upload.released_on) == "2025-03-01"


def test_a_correction_made_over_a_colleagues_is_not_stored(send: Send, client_of: Browser) -> None:
    upload, client = send(NEET, MANY), client_of("analyst")
    late = filled(client, upload, is_ignored="on")
    send_correction(client, upload, period="2024")
    read(upload)
    client.post(url(upload, "upload-correct"), late)
    upload.refresh_from_db()
    assert upload.corrections == {"0.0": {"period": "2024"}}


def test_a_question_is_answered_by_a_suggestion(send: Send, client_of: Browser) -> None:
    upload, client = send(NEET, MANY), client_of("analyst")
    questions = client.get(url(upload)).context["questions"]
    assert [asked.text for asked, _count in questions.asked] == ["Алматинск"]
    assert "almaty" in dict(questions.fields["name-0"].choices)
    client.post(url(upload, "upload-explain"), {"name-0": "almaty"})
    assert LearntName.objects.get().code == "almaty"
    assert "Алматинск" in page(client, read(upload))
    forgotten = client.post(url(upload, "upload-forget-name", LearntName.objects.get().pk))
    assert (forgotten.status_code, LearntName.objects.count()) == (302, 0)


@pytest.mark.parametrize("typed", ["akmola-oblast", "Акмолинская область · akmola-oblast"])
def test_a_question_is_answered_from_the_whole_list(send: Send, client_of: Browser, typed: str) -> None:
    upload = send(NEET, MANY)
    client_of("analyst").post(url(upload, "upload-explain"), {"name-0": "", "other-0": typed})
    assert LearntName.objects.get().code == "akmola-oblast"


def test_an_answer_that_is_none_is_refused(send: Send, client_of: Browser) -> None:
    upload = send(NEET, MANY)
    response = client_of("analyst").post(url(upload, "upload-explain"), {"other-0": "Эльдорадо"})
    assert response.status_code == 422
    assert "Эльдорадо" in response.content.decode()
    assert not LearntName.objects.exists()


def test_the_same_answers_sent_twice_are_learnt_once(send: Send, client_of: Browser) -> None:
    upload, client = send(NEET, MANY), client_of("analyst")
    for _attempt in range(2):
        assert client.post(url(upload, "upload-explain"), {"name-0": "almaty"}).status_code == 302
    assert LearntName.objects.count() == 1


def test_units_that_disagree_are_asked_about(send: Send, client_of: Browser) -> None:
    rows = (
        "INDICATOR,REF_AREA,TIME_PERIOD,UNIT_MEASURE,OBS_VALUE\npopulation,KZALA,2024,тыс. человек,2228.7\n"
    )
    upload, client = send("population.csv", rows), client_of("analyst")
    client.post(url(upload, "upload-explain"), {"unit-0.0-TH_PEOPLE-population": "convert"})
    assert read(upload).counts["new"] == 1
    client.post(url(upload, "upload-explain"), {"unit-0.0-TH_PEOPLE-population": ""})
    assert read(upload).counts["rejected"] == 1


def test_a_remembered_layout_is_named_and_can_be_forgotten(
    send: Send, client_of: Browser, user: Cast
) -> None:
    confirm_upload(upload=correct(send("odd.xlsx", workbook(Лист=ODD)), READ_SO), by=user("analyst"))
    upload, client = send("next.xlsx", workbook(Лист=ODD)), client_of("analyst")
    mapping = TableMapping.objects.get()
    assert url(upload, "upload-forget-layout", mapping.pk) in page(client, upload)
    client.post(url(upload, "upload-forget-layout", mapping.pk))
    assert not TableMapping.objects.exists()


DIFFERENCE = [
    ({"show": "new"}, {"almaty", "akmola-oblast"}),
    ({"show": "new", "territory": "almaty"}, {"almaty"}),
    ({"show": "new", "indicator": "neet-share", "period": "2024"}, {"almaty", "akmola-oblast"}),
    ({"show": "new", "text": "6.1"}, {"akmola-oblast"}),
    ({"show": "new", "text": "акмолинск"}, {"akmola-oblast"}),
    ({"show": "new", "text": "nowhere"}, set()),
    ({"show": "changed", "largest": "on"}, {"almaty"}),
    ({"show": "nonsense", "territory": "atlantis", "period": "soon", "page": "x"}, {"almaty"}),
]


@pytest.mark.parametrize(("query", "places"), DIFFERENCE)
def test_the_difference_is_filtered_by_the_url(
    send: Send, client_of: Browser, query: dict[str, str], places: set[str]
) -> None:
    figures = client_of("analyst").get(url(send(NEET, MANY)), query).context["figures"]
    assert {figure.territory.code for figure in figures} == places


def test_each_filter_says_how_many_figures_it_leaves(send: Send, client_of: Browser) -> None:
    form = client_of("analyst").get(url(send(NEET, MANY)), {"show": "new"}).context["difference"].form
    assert [code for code, _label in form.fields["period"].choices] == ["", "2024"]
    assert dict(form.fields["period"].choices)["2024"] == "2024 (2)"
    assert "(1)" in dict(form.fields["territory"].choices)["almaty"]


def test_the_largest_relative_change_comes_first(send: Send, client_of: Browser) -> None:
    rows: list[Row] = [["Регион", "2021", "2022", "2023"], ["г. Алматы", 9.9, 3.9, 5.2001]]
    upload = send("indicator_8-6-1.xlsx", workbook(А=rows))
    figures = client_of("analyst").get(url(upload), {"largest": "on"}).context["figures"]
    sizes = [abs(figure.value - figure.old_value) / figure.old_value for figure in figures]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) >= 2


def test_a_filter_asked_for_in_place_brings_only_the_difference(send: Send, client_of: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Target": "difference-shown"}
    response = client_of("analyst").get(url(send(NEET, MANY)), {"show": "new"}, headers=headers)
    assert "<html" not in response.content.decode()
    assert 'id="difference-shown"' in response.content.decode()


def test_the_difference_is_a_csv_file_too(send: Send, client_of: Browser) -> None:
    upload = send(NEET, MANY + "2024,=1+1,,5.4\n")
    response: Any = client_of("analyst").get(url(upload, "upload-difference"), {"show": "rejected"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["problem"] for row in rows] == ["unknown_territory"] * 2
    assert [row["problem_text"] for row in rows] == ["Алматинск", "'=1+1"]
    assert rows[0]["cell"] == "B6"


def test_pages_of_the_difference_cost_no_more_queries_than_one_row(
    send: Send, client_of: Browser, django_assert_max_num_queries: Any
) -> None:
    rows = "".join(f"{year},{area},,5.4\n" for year in range(2000, 2020) for area in ("KZALA", "KZAKM"))
    upload, client = send(NEET, HEAD + rows), client_of("analyst")
    client.get(url(upload))
    with django_assert_max_num_queries(40):
        client.get(url(upload))


def test_what_was_published_is_summed_up_with_links(send: Send, client_of: Browser, user: Cast) -> None:
    upload, client = send(NEET, MANY), client_of("analyst")
    confirm_upload(upload=upload, by=user("analyst"), reason="Final figures")
    apply_upload(upload.pk)
    shown = page(client, upload)
    kpis = reverse("programmes:indicator-kpis", args=["neet-share"])
    assert kpis in shown
    assert (
        reverse("programmes:kpi-detail", args=["almaty-2025", "KPI-7"]) in client.get(kpis).content.decode()
    )
    revisions = client.get(url(upload, "upload-revisions")).content.decode()
    assert revisions.count("Final figures") == 1


READING = ["upload-detail", "upload-difference", "upload-revisions"]
WRITING = ["upload-correct", "upload-explain"]


@pytest.mark.parametrize("name", ["almaty.analyst", "approver", "anonymous"])
def test_to_strangers_an_upload_does_not_exist(send: Send, client_of: Browser, name: str) -> None:
    upload, client = send(NEET, MANY), client_of(name)
    expected = {"almaty.analyst": 404, "approver": 403, "anonymous": 302}[name]
    assert {client.get(url(upload, each)).status_code for each in READING} == {expected}
    assert {client.post(url(upload, each)).status_code for each in WRITING} == {expected}
    for each in ("upload-forget-name", "upload-forget-layout"):
        assert client.post(url(upload, each, 1)).status_code == expected


def test_a_colleague_takes_over_and_teaches(send: Send, client_of: Browser, user: Cast) -> None:
    mandate = Mandate.objects.get(user=user("analyst"))
    mandate.pk, mandate.user = None, user("almaty.analyst")
    mandate.save()
    upload, client = send(NEET, MANY), client_of("almaty.analyst")
    assert {client.get(url(upload, each)).status_code for each in READING} == {200}
    client.post(url(upload, "upload-explain"), {"name-0": "almaty"})
    assert LearntName.objects.get().learnt_from == user("almaty.analyst")
    assert send_correction(client, read(upload), is_ignored="on") == 302


def test_only_what_an_upload_used_can_be_forgotten_on_its_page(
    send: Send, client_of: Browser, user: Cast
) -> None:
    upload = send(NEET, HEAD + "2024,KZALA,,5.4\n")
    name = LearntName.objects.create(
        kind="territory", text="Алматинск", key="алматинск", code="almaty", learnt_from=user("analyst")
    )
    response = client_of("analyst").post(url(upload, "upload-forget-name", name.pk))
    assert response.status_code == 404
    assert LearntName.objects.filter(pk=name.pk).exists()
