"""A small vocabulary, and a way to write tables as they stand on a page."""

from collections.abc import Callable, Sequence

import pytest

from indicators.tables import Extraction, Kind, Sheet, WordList, detect_layouts, extract
from indicators.tables.cells import Cell

Read = Callable[..., Extraction]

OBLASTS = {
    "KZABY": ("Абай", "Абайская", "Абай облысы"),
    "KZAKM": ("Ақмола", "Акмолинская", "Akmola"),
    "KZAKT": ("Ақтөбе", "Актюбинская", "Aktobe"),
    "KZALM": ("Алматы", "Алматинская", "Almaty"),
    "KZATY": ("Атырау", "Атырауская"),
    "KZKZY": ("Қызылорда", "Кызылординская"),
    "KZYUZ": ("Түркістан", "Туркестанская", "Turkestan"),
    "KZZHS": ("Жетісу", "Жетысуская", "Zhetisu"),
    "KZVOS": ("Шығыс Қазақстан", "Восточно-Казахстанская"),
}
CITIES = {
    "KZALA": ("Алматы", "Almaty"),
    "KZNS": ("Астана", "Astana"),
    "KZSHY": ("Шымкент", "Shymkent"),
}
CATEGORIES: dict[str, dict[str, tuple[str, ...]]] = {
    "SEX": {"M": ("Мужчины", "Ерлер", "Men"), "F": ("Женщины", "Әйелдер", "Women")},
    "URBANISATION": {
        "U": ("Городское население", "Қала халқы", "Urban", "Город"),
        "R": ("Сельское население", "Ауыл халқы", "Rural", "Село"),
    },
    "AGE": {"Y15T24": ("15-24 года",), "Y_GE15": ("15 лет и старше",)},
}
TOTALS = ("Всего", "Барлығы", "Total", "Все население", "Оба пола")


@pytest.fixture(scope="session")
def words() -> WordList:
    """Oblasts and cities of one level, some districts, three dimensions, two indicators."""
    words = WordList(country="KZ")
    words.add_territory("KZ", 0, None, ["Республика Казахстан", "Қазақстан Республикасы", "Kazakhstan"])
    for code, names in OBLASTS.items():
        words.add_territory(code, 1, Kind.OBLAST, names)
    for code, names in CITIES.items():
        words.add_territory(code, 1, Kind.CITY, names)
    words.add_territory("abai-district", 2, Kind.DISTRICT, ["Абай", "Абайский"])
    words.add_territory("abai-town", 2, Kind.CITY, ["Абай"])
    words.add_territory("karasai", 2, Kind.DISTRICT, ["Қарасай", "Карасайский", "196200000"])
    words.add_territory("talgar", 2, Kind.DISTRICT, ["Талғар", "Талгарский"])
    for dimension, categories in CATEGORIES.items():
        words.add_dimension(dimension, {"SEX": ["Пол", "Жынысы"]}.get(dimension, []), TOTALS)
        for code, names in categories.items():
            words.add_category(dimension, code, names)
    words.add_indicator("unemployment", ["Уровень безработицы", "Жұмыссыздық деңгейі", "Unemployment rate"])
    words.add_indicator("population", ["Численность населения", "Population"])
    words.add_unit("PT", ["процент", "пайыз"])
    words.add_unit("PERSONS", ["человек", "адам"])
    words.add_unit("THOUSANDS", ["тыс. человек"])
    return words


@pytest.fixture(scope="session")
def read(words: WordList) -> Read:
    """Detect the one table among the rows and take its figures."""

    def read(rows: Sequence[Sequence[Cell]], name: str = "", file_name: str = "") -> Extraction:
        sheet = Sheet(name, [tuple(row) for row in rows])
        (layout,) = detect_layouts(sheet, words, file_name)
        return extract(sheet, layout, words)

    return read


def page(text: str) -> list[tuple[str, ...]]:
    """Rows written line by line, cells parted by `|`; the first line is left blank."""
    return [tuple(cell.strip() for cell in line.split("|")) for line in text.strip("\n").splitlines()]


def brief(extraction: Extraction) -> list[tuple[str, str, str, str | None]]:
    """(territory, period, breakdown, value) of each figure, in the order of the cells."""
    return [
        (
            figure.territory,
            str(figure.period),
            "&".join(f"{dimension}={code}" for dimension, code in figure.breakdown),
            None if figure.value is None else str(figure.value),
        )
        for figure in extraction.figures
    ]


def troubles(extraction: Extraction) -> list[tuple[str, str]]:
    """(code, text) of each problem."""
    return [(problem.code.value, problem.text) for problem in extraction.problems]
