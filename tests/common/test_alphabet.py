"""Kazakh order: of letters that other alphabets lack, and of Russian and Latin names among them."""

import pytest

from common.alphabet import LETTERS, alphabetical


def test_every_letter_comes_in_its_place() -> None:
    assert sorted(set(LETTERS), key=alphabetical) == list(LETTERS)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ақтау", "Әлима"), ("Ғабит", "Дария"), ("Көкшетау", "Қарағанды"), ("Оңтүстік", "Өскемен"),
        ("Ұлытау", "Үржар"), ("Ызғар", "Ілияс"), ("Атырау", "атырау облысы"), ("Ёлкино", "Жамбыл"),
        ("Almaty", "Ақтау"), ("2-орын", "Ақтау"), ("Шу", "Шымкент"),
    ],
)  # fmt: skip
def test_names_are_in_the_order_of_a_kazakh_dictionary(first: str, second: str) -> None:
    assert alphabetical(first) < alphabetical(second)


def test_composed_and_decomposed_letters_are_alike() -> None:
    assert alphabetical("й") == alphabetical("й")
