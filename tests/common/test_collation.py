"""Names are sorted as Kazakhs sort them, in Python and in PostgreSQL alike."""

import pytest
from django.db.models import Value
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cities.models import Territory
from common.collation import ALPHABET, sort_key
from common.names import in_order, sort_key_of

pytestmark = pytest.mark.django_db
KAZAKH = (
    "Аа Әә Бб Вв Гг Ғғ Дд Ее Ёё Жж Зз Ии Йй Кк Ққ Лл Мм Нн Ңң Оо Өө Пп Рр Сс Тт Уу Ұұ Үү Фф Хх Һһ Цц Чч "
    "Шш Щщ Ъъ Ыы Іі Ьь Ээ Юю Яя"
)


def test_the_alphabet_has_its_42_letters_in_order() -> None:
    assert [pair[1] for pair in KAZAKH.split()] == list(ALPHABET)
    assert len(set(ALPHABET)) == 42


@pytest.mark.parametrize(
    "names",
    [
        ["Абай облысы", "Айтеке би", "Ақмола", "Алматы", "Әйтеке би", "Бәйтерек"],
        ["Кентау", "Көкшетау", "Қарағанды", "Құлсары", "Лисаков"],
        ["Нұра", "Ңа", "Орал", "Өскемен", "Павлодар"],
        ["Талдықорған", "Ұлытау", "Үржар", "Хромтау", "Шымкент", "Ырғыз", "Ілийский", "Экибастуз"],
        ["10", "2-ауыл", "Abai", "almaty", "Zaisan", "алматы", "Яблочный"],
        ["Жезді", "«Жезқазған»", "Жезқазған қ.", "ЖЕТІСУ"],
    ],
)
def test_names_come_in_the_order_of_the_alphabet(names: list[str]) -> None:
    assert sorted(set(names), key=sort_key) == names


@given(st.lists(st.text(KAZAKH.replace(" ", "") + " 09AZaz-«»()№!Ў漢", max_size=6), max_size=6))
def test_the_database_sorts_as_python_does(names: list[str]) -> None:
    rows = [Territory.objects.filter(parent=None).values_list(sort_key_of(Value(name))) for name in names]
    assert [row.get() for row in rows] == [(sort_key(name),) for name in names]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_territories_are_listed_in_the_order_of_their_names(language: str) -> None:
    with override(language):
        names = [territory.name for territory in Territory.objects.order_by(in_order())]
    assert len(names) > 40
    assert names == sorted(names, key=sort_key)
