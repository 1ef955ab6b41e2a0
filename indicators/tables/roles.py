"""Words that head columns in long tables, in Kazakh, Russian and English and as SDMX writes them."""

import re
from functools import lru_cache

from indicators.tables.headings import MONTH_WORDS
from indicators.tables.layout import Role
from indicators.tables.names import fold

_HEADINGS = {
    Role.PERIOD: (
        "Year, Years, Time, Time period, TIME_PERIOD, Period, Date, Quarter, Год, Годы, Период, Дата, "
        "Квартал, Отчётный период, Отчётный год, Жыл, Жылы, Жылдар, Кезең, Есепті кезең, Есепті жыл, Тоқсан, "
        "Күні"
    ),
    Role.TERRITORY: (
        "REF_AREA, Reference area, Area, Territory, Region, Oblast, City, District, Location, KATO, Регион, "
        "Регионы, Наименование региона, Территория, Область, Области, Город, Города, Район, Районы, "
        "Наименование территории, Населённый пункт, КАТО, Код КАТО, Аймақ, Аймақтар, Өңір, Өңірлер, Аумақ, "
        "Облыс, Облыстар, Қала, Қалалар, Аудан, Аудандар, Елді мекен, Аумақ атауы, ӘАОЖ, ӘАОЖ коды"
    ),
    Role.VALUE: (
        "Value, OBS_VALUE, Observation, Observation value, Actual, Figure, Значение, Значения, Факт, "
        "Фактическое значение, Величина, Мән, Мәні, Мәндер, Нақты, Нақты мәні, Көрсеткіш мәні, "
        "Значение показателя, Индикатор мәні"
    ),
    Role.INDICATOR: (
        "INDICATOR, Indicator name, Indicator code, Показатель, Показатели, Наименование показателя, "
        "Наименование показателей, Индикатор, Наименование индикатора, Целевой индикатор, "
        "Целевые индикаторы, Индикаторы, Код показателя, Көрсеткіш, Көрсеткіштер, Көрсеткіш атауы, "
        "Көрсеткіштің атауы, Көрсеткіштердің атауы, Индикатор атауы"
    ),
    Role.UNIT: (
        "UNIT_MEASURE, Unit of measure, Unit, Units, Единица, Единица измерения, Единицы измерения, Ед изм, "
        "Ед. измерения, Өлшем бірлігі, Бірлік, Өлш. бірл."
    ),
    Role.STATUS: "OBS_STATUS, Observation status, Status, Статус, Мәртебе, Күйі",
    Role.COMMENT: "COMMENT, COMMENT_OBS, Comments, Note, Notes, Примечание, Примечания, Ескерту, Ескертпе",
    Role.IGNORED: (
        "GeoCode, DATAFLOW, ACTION, STRUCTURE, STRUCTURE_ID, STRUCTURE_NAME, FREQ, DECIMALS, "
        "TIME_FORMAT, UNIT_MULT, №, № п/п, No, #, п/п, р/с, Р/с №, Реттік нөмірі"
    ),
}
_ROLES = {
    fold(heading): role for role, headings in _HEADINGS.items() for heading in headings.split(", ")
} | dict.fromkeys(MONTH_WORDS, Role.PERIOD)

_PARTS = re.compile(r"\s*[/\n]\s*")
_IDLE = re.compile(
    r"\s*(?:в том числе|в т\.? ?ч|с\.? ?і|из них|по регионам|оның ішінде|соның ішінде|including|of which"
    r"|продолжение(?: таблицы)?|жалғасы|кестенің жалғасы|continued"
    r"|(?:регионы|области|города|районы|города и районы|города республиканского значения)"
    r"|(?:өңірлер|облыстар|қалалар|аудандар|қалалар мен аудандар|республикалық маңызы бар қалалар)"
    r"|(?:regions|oblasts|cities|districts))[\W\d]*",
    re.IGNORECASE,
)


def is_idle(text: str) -> bool:
    """Whether the words only announce parts or a further page: `в том числе:`, `Области`, `продолжение`."""
    return _IDLE.fullmatch(text) is not None


def is_multiplier(text: str) -> bool:
    """Whether the column holds powers of ten."""
    return fold(text.partition(":")[0]) == "unit mult"


@lru_cache(maxsize=16384)
def role_of(text: str) -> Role | None:
    """The role that a heading states, also in two languages or before its label: `FREQ: Frequency`."""
    candidates = (text, text.partition(":")[0], *_PARTS.split(text))
    return next((role for candidate in candidates if (role := _ROLES.get(fold(candidate)))), None)
