"""What was recognised is corrected, once, and remembered for the next file of that shape."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from indicators.models import Indicator, ObservationRevision, TableMapping, Upload
from indicators.services.correcting import Facts, correct_upload, forget
from indicators.services.uploading import UploadError, apply_upload, confirm_upload
from tests.indicators.uploads.conftest import Row, Send, read, workbook

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
ODD: list[Row] = [
    ["Сводка"],
    ["Место", "Сколько", "Кем записано"],
    ["г. Алматы", 5.4, "а"],
    ["Акмолинская область", 6.1, "б"],
]
READ_SO = {
    "header_rows": [1],
    "first_row": 2,
    "columns": {
        "0": {"role": "territory", "dimension": None},
        "1": {"role": "value", "dimension": None},
        "2": {"role": "ignored", "dimension": None},
    },
    "indicator": "neet-share",
    "period": "2024",
}


def correct(upload: Upload, changes: dict[str, Any], position: str = "0.0") -> Upload:
    facts = Facts(upload.source, upload.released_on)
    correct_upload(
        upload=upload, by=upload.user, seen=upload.changed_at, facts=facts, changes={position: changes}
    )
    return read(Upload.objects.get(pk=upload.pk))


def found(upload: Upload) -> list[tuple[str, Decimal | None]]:
    rows = upload.figures.exclude(change="rejected").order_by("pk")
    return list(rows.values_list("territory__code", "value"))


def test_a_table_that_nobody_recognises_is_shown_and_described(send: Send) -> None:
    upload = send("odd.xlsx", workbook(Лист=ODD))
    assert upload.failure is not None
    assert upload.failure["code"] == "no_figures"
    assert not upload.recognised[0]["is_detected"]
    shown = [text for text, _role in upload.recognised[0]["rows"][-1][1]]
    assert shown == ["Акмолинская область", "6.1", "б"]
    upload = correct(upload, READ_SO)
    assert found(upload) == [("almaty", Decimal("5.4")), ("akmola-oblast", Decimal("6.1"))]


def test_what_was_corrected_is_remembered_once_it_is_confirmed(send: Send, user: Cast) -> None:
    upload = correct(send("odd.xlsx", workbook(Лист=ODD)), READ_SO)
    assert not TableMapping.objects.exists()
    confirm_upload(upload=upload, by=user("analyst"))
    mapping = TableMapping.objects.get()
    assert (mapping.learnt_from, mapping.indicator) == (
        user("analyst"), Indicator.objects.get(code="neet-share"),
    )  # fmt: skip
    later = send("next.xlsx", workbook(Лист=[*ODD[:2], ["г. Астана", 4.9, "в"]]))
    assert later.recognised[0]["mapping"] == mapping.pk
    later = correct(later, {"period": "2025"})
    assert found(later) == [("astana", Decimal("4.9"))]


def test_what_was_remembered_wrongly_is_forgotten(send: Send, user: Cast) -> None:
    upload = correct(send("odd.xlsx", workbook(Лист=ODD)), READ_SO)
    confirm_upload(upload=upload, by=user("analyst"))
    later = send("next.xlsx", workbook(Лист=ODD))
    forget(upload=later, by=later.user, what=TableMapping.objects.get())
    assert not TableMapping.objects.exists()
    assert read(later).state == Upload.State.FAILED


def test_two_colleagues_who_correct_at_once_lose_nothing_in_silence(send: Send) -> None:
    upload = send("odd.xlsx", workbook(Лист=ODD))
    first, second = Upload.objects.get(pk=upload.pk), Upload.objects.get(pk=upload.pk)
    facts = Facts(upload.source, None)
    correct_upload(upload=first, by=first.user, seen=first.changed_at, facts=facts, changes={"0.0": READ_SO})
    with pytest.raises(UploadError, match="changed_meanwhile"):
        correct_upload(
            upload=second,
            by=second.user,
            seen=second.changed_at,
            facts=facts,
            changes={"0.0": {"is_ignored": True}},
        )
    assert Upload.objects.get(pk=upload.pk).corrections == {"0.0": READ_SO}


def test_the_same_correction_sent_twice_is_stored_once(send: Send) -> None:
    upload = send("odd.xlsx", workbook(Лист=ODD))
    for _attempt in range(2):
        correct_upload(
            upload=upload,
            by=upload.user,
            seen=upload.changed_at,
            facts=Facts(upload.source, None),
            changes={"0.0": READ_SO},
        )
    assert found(read(upload)) == [("almaty", Decimal("5.4")), ("akmola-oblast", Decimal("6.1"))]


def test_each_table_of_a_workbook_has_its_own_indicator(send: Send) -> None:
    rows: list[Row] = [["Регион", "2023", "2024"], ["г. Алматы", 5.2, 5.4]]
    upload = send("two.xlsx", workbook(А=[["Неизвестное"], *rows], Б=[["Безвестное"], *rows]))
    assert upload.failure is not None
    upload = correct(upload, {"indicator": "neet-share"})
    assert upload.counts["rejected"] == 2
    upload = correct(upload, {"indicator": "unemployment-rate"}, "1.0")
    codes = upload.figures.order_by("pk").values_list("indicator__code", flat=True).distinct()
    assert set(codes) == {"neet-share", "unemployment-rate"}


def test_a_table_without_a_title_of_its_own_kind_is_not_taken_for_another(send: Send) -> None:
    rows: list[Row] = [["Регион", "2023", "2024"], ["г. Алматы", 5.2, 5.4]]
    title = Indicator.objects.get(code="neet-share").name_ru
    upload = send("two.xlsx", workbook(А=[[title], *rows], Б=[["Нечто иное"], *rows]))
    assert set(upload.figures.values_list("sheet", "problem")) == {
        ("А", ""),
        ("Б", "unknown_indicator"),
    }


def test_a_table_can_be_left_out(send: Send) -> None:
    upload = send("indicator_8-6-1.csv", "Year,REF_AREA,Value\n2024,KZALA,5.4\n")
    upload = correct(upload, {"is_ignored": True})
    assert not upload.figures.exists()
    assert correct(upload, {"is_ignored": False}).counts["new"] == 1


def test_a_correction_that_no_longer_fits_is_said_and_not_applied(send: Send) -> None:
    upload = send("indicator_8-6-1.csv", "Year,REF_AREA,Value\n2024,KZALA,5.4\n")
    upload = correct(upload, {"columns": {"0": {"role": "dimension", "dimension": None}}})
    assert not upload.recognised[0]["fits"]
    assert found(upload) == [("almaty", Decimal("5.4"))]


def test_the_day_of_release_is_kept_with_each_revision(send: Send, user: Cast) -> None:
    upload = send("indicator_8-6-1.csv", "Year,REF_AREA,Value\n2024,KZALA,5.4\n")
    day = upload.created_at.date()
    correct_upload(
        upload=upload, by=upload.user, seen=upload.changed_at, facts=Facts(upload.source, day), changes={}
    )
    confirm_upload(upload=read(upload), by=user("analyst"))
    apply_upload(upload.pk)
    assert ObservationRevision.objects.get(upload=upload).released_on == day


def test_what_was_published_cannot_be_corrected_any_more(send: Send, user: Cast) -> None:
    upload = send("indicator_8-6-1.csv", "Year,REF_AREA,Value\n2024,KZALA,5.4\n")
    confirm_upload(upload=upload, by=user("analyst"))
    apply_upload(upload.pk)
    upload.refresh_from_db()
    with pytest.raises(UploadError, match="not_now"):
        correct_upload(
            upload=upload, by=upload.user, seen=upload.changed_at, facts=Facts(upload.source, None),
            changes={"0.0": {"is_ignored": True}},
        )  # fmt: skip


def test_a_long_and_wide_file_leaves_a_small_picture(send: Send) -> None:
    head = ["Регион", *(str(1990 + year) for year in range(34))]
    rows: list[Row] = [
        head,
        *([f"Место {row} " + "очень длинное имя " * 9, *range(34)] for row in range(3000)),
    ]
    upload = send("wide.xlsx", workbook(**{f"Лист{n}": rows[:400] for n in range(12)}))
    stored = Upload.objects.filter(pk=upload.pk).extra(select={"size": "octet_length(recognised::text)"})
    assert stored.values_list("size", flat=True)[0] < 250_000
