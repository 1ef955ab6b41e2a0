"""What cannot be decided is asked once, with suggestions, and remembered."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts.models import User
from indicators.models import LearntName, Upload
from indicators.services.correcting import explain_names, forget
from indicators.services.learning import LearningError, learn_names
from indicators.services.suggesting import Asked, suggest
from tests.indicators.uploads.conftest import Row, Send, read, workbook

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
HEAD = "Year,REF_AREA,SEX,Value\n"
NEET = "indicator_8-6-1.csv"


def questions(upload: Upload) -> list[tuple[str, str, int]]:
    return [(asked["kind"], asked["text"], asked["figures"]) for asked in upload.findings["questions"]]


def meant(upload: Upload, what: str) -> str:
    """The code of the territory, category or indicator of the upload's one figure."""
    code: str = upload.figures.values_list(f"{what}__code", flat=True).get()
    return code


def explain(upload: Upload, by: User, *names: tuple[str, str, str]) -> Upload:
    explain_names(upload=upload, names=list(names), conversions={}, by=by)
    return read(upload)


def test_each_unknown_name_is_asked_once_with_what_it_costs(send: Send) -> None:
    upload = send(NEET, HEAD + "2022,Алматинск,,5\n2023,Алматинск,,5\n2024,KZALA,Дамы,5\n2024,KZALA,,5.4\n")
    assert questions(upload) == [("territory", "Алматинск", 2), ("category", "Дамы", 1)]


def test_an_answer_holds_for_every_later_file(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2024,Алматинск,,5.4\n")
    upload = explain(upload, user("analyst"), ("territory", "Алматинск", "almaty"))
    assert meant(upload, "territory") == "almaty"
    assert upload.findings["learnt"] == [LearntName.objects.get().pk]
    later = send(NEET, HEAD + "2025,АЛМАТИНСК*,,5.5\n")
    assert meant(later, "territory") == "almaty"


def test_which_of_several_territories_is_meant_is_asked_once(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2024,Алматы,,5.4\n")
    assert questions(upload) == [("territory", "Алматы", 1)]
    upload = explain(upload, user("analyst"), ("territory", "Алматы", "almaty-oblast"))
    assert meant(upload, "territory") == "almaty-oblast"
    assert upload.findings["learnt"] == [LearntName.objects.get().pk]


def test_a_table_that_tells_needs_no_learnt_choice(send: Send, user: Cast) -> None:
    learn_names([("territory", "Алматы", "almaty")], by=user("analyst"))
    upload = send(NEET, HEAD + "2024,Алматы қаласы,,5.4\n2024,Алматы,,3.2\n")
    assert set(upload.figures.values_list("territory__code", flat=True)) == {"almaty", "almaty-oblast"}
    assert upload.findings["learnt"] == []


def test_a_territory_that_is_not_called_so_cannot_be_chosen(user: Cast) -> None:
    with pytest.raises(LearningError):
        learn_names([("territory", "Алматы", "astana")], by=user("analyst"))


def test_an_explained_category_is_understood_in_its_dimension(send: Send, user: Cast) -> None:
    upload = send(NEET, HEAD + "2024,KZALA,Дамы,5.4\n")
    upload = explain(upload, user("analyst"), ("category", "Дамы", "SEX=F"))
    assert meant(upload, "breakdown") == "SEX=F"


def test_a_title_is_explained_as_an_indicator(send: Send, user: Cast) -> None:
    upload = send("table.csv", "Молодые без дела\nГод,Регион,Значение\n2024,г. Алматы,5.4\n")
    assert questions(upload) == [("indicator", "Молодые без дела", 1)]
    upload = explain(upload, user("analyst"), ("indicator", "Молодые без дела", "neet-share"))
    assert meant(upload, "indicator") == "neet-share"


def test_a_wrong_answer_is_undone(send: Send, user: Cast) -> None:
    upload = explain(
        send(NEET, HEAD + "2024,Алматинск,,5.4\n"), user("analyst"), ("territory", "Алматинск", "almaty")
    )
    forget(upload=upload, by=upload.user, what=LearntName.objects.get())
    upload = read(upload)
    assert upload.figures.get().problem == "unknown_territory"
    assert not LearntName.objects.exists()


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("territory", "Акмолинская область", "almaty"),
        ("territory", "KZALA", "astana"),
        ("category", "F", "SEX=M"),
        ("indicator", "neet-share", "unemployment-rate"),
        ("unit", "тыс. человек", "PERSONS"),
    ],
)
def test_a_name_that_is_known_cannot_be_given_another_meaning(
    user: Cast, kind: str, text: str, code: str
) -> None:
    with pytest.raises(LearningError, match="name_is_known"):
        learn_names([(kind, text, code)], by=user("analyst"))
    assert not LearntName.objects.exists()


def test_two_people_cannot_teach_two_meanings(user: Cast) -> None:
    learn_names([("territory", "Алматинск", "almaty")], by=user("analyst"))
    learn_names([("territory", "алматинск", "almaty")], by=user("almaty.analyst"))
    with pytest.raises(LearningError, match="name_is_known"):
        learn_names([("territory", "Алматинск", "astana")], by=user("almaty.analyst"))


@pytest.mark.parametrize("code", ["atlantis", "", "SEX=F"])
def test_a_meaning_that_does_not_exist_is_refused(user: Cast, code: str) -> None:
    with pytest.raises(LearningError, match="nothing_meant"):
        learn_names([("territory", "Атлантида", code)], by=user("analyst"))


@pytest.mark.parametrize(
    ("kind", "text", "dimension", "likely"),
    [
        ("territory", "Акмолинск", "", "akmola-oblast"),
        ("territory", "Алма-Аты город", "", "almaty"),
        ("category", "женщин", "SEX", "SEX=F"),
        ("indicator", "Доля молодёжи, которая не учится и не работает", "", "neet-share"),
        ("unit", "тысячи человек", "", "TH_PEOPLE"),
    ],
)
def test_what_is_spelt_alike_is_suggested(kind: str, text: str, dimension: str, likely: str) -> None:
    asked = Asked(kind, text, dimension)
    found = suggest([asked])[asked]
    assert likely in found
    assert len(found) <= 5


POPULATION = (
    "INDICATOR,REF_AREA,TIME_PERIOD,UNIT_MEASURE,OBS_VALUE\npopulation,KZALA,2024,тыс. человек,2228.7\n"
)


def test_figures_in_another_unit_are_converted_only_on_request(send: Send, user: Cast) -> None:
    upload = send("population.csv", POPULATION)
    assert upload.figures.get().problem == "wrong_unit"
    (disagreeing,) = upload.recognised[0]["disagreeing"]
    assert (disagreeing["unit"], disagreeing["factor"]) == ("TH_PEOPLE", "1000")
    explain_names(
        upload=upload, names=[], conversions={"0.0": {"convert": ["TH_PEOPLE"]}}, by=user("analyst")
    )
    figure = read(upload).figures.get()
    assert (figure.problem, figure.value, figure.raw) == ("", Decimal(2228700), "2228.7")
    assert figure.details == {"unit": "тыс. человек", "factor": "1000"}
    explain_names(upload=upload, names=[], conversions={"0.0": {"convert": []}}, by=user("analyst"))
    assert read(upload).figures.get().problem == "wrong_unit"


def test_figures_in_a_unit_that_nobody_knows_wait_for_the_answer(send: Send, user: Cast) -> None:
    upload = send("population.csv", POPULATION.replace("тыс. человек", "тыс. душ"))
    assert questions(upload) == [("unit", "тыс. душ", 1)]
    assert upload.figures.get().problem == "unknown_unit"
    upload = explain(upload, user("analyst"), ("unit", "тыс. душ", "TH_PEOPLE"))
    assert upload.figures.get().problem == "wrong_unit"


def test_words_above_a_table_that_may_be_no_unit_are_asked_about_and_cost_nothing(send: Send) -> None:
    rows: list[Row] = [["", "", "на душу"], ["Регион", "2023", "2024"], ["г. Алматы", 5.2, 5.4]]
    upload = send("indicator_8-6-1.xlsx", workbook(А=rows))
    assert questions(upload) == [("unit", "на душу", 0)]
    assert not upload.figures.filter(change="rejected").exists()
