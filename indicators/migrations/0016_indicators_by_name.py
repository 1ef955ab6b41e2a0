"""The catalogue is shown by name without sorting all names: an index for each language."""

from django.db import migrations, models
from django.db.models import Func, Value
from django.db.models.functions import Collate

from common.databases.indexing import AddIndexPatiently

# Those of common/collation.py on this day.
LETTERS = " 0123456789abcdefghijklmnopqrstuvwxyzаәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
IGNORED = "«»\"'„“”‘’()[]-–—.,:;№"
PLACES = 2 * "".join(chr(0xE000 + place) for place in range(len(LETTERS)))


def by(name: str) -> AddIndexPatiently:
    """The index of names in a language."""
    letters = Value(LETTERS + LETTERS.upper() + IGNORED)
    key = Collate(Func(name, letters, Value(PLACES), function="translate"), "C")
    return AddIndexPatiently("indicator", models.Index(key, "code", name=f"indicator_by_{name}"))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("indicators", "0015_indexes_of_many_figures")]

    operations = [by("name_kk"), by("name_ru"), by("name_en")]
