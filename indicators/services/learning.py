"""What people explain of files once is remembered: names, and how tables of a shape are to be read."""

from django.db import transaction

from accounts.models import User
from cities.models import Territory
from indicators.models import Category, Indicator, LearntName, TableMapping, Unit, Upload
from indicators.services.vocabulary import gather_vocabulary, is_known, is_one_of_several, key_of

Kind = LearntName.Kind


class LearningError(Exception):
    """Something that cannot be learnt; `code` says why, `params` name the text."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def learn_names(names: list[tuple[str, str, str]], *, by: User) -> list[LearntName]:
    """Remembers (kind, text, code): from now on the text means what the code names, in every file.

    The code of a category is `DIMENSION=CATEGORY`. All or none: `LearningError` where a text already means
    something else, or where nothing has that code. Of territories that share a name one may be chosen: it is
    meant where a table does not tell. What was explained before in the same way is left alone.
    """
    words = gather_vocabulary()
    learnt = []
    with transaction.atomic():
        for kind, text, code in names:
            dimension = code.partition("=")[0] if kind == Kind.CATEGORY else ""
            key = key_of(kind, text, dimension)
            if not key or not _exists(kind, code):
                raise LearningError("nothing_meant", text=text)
            name, is_new = LearntName.objects.get_or_create(
                kind=kind, key=key, defaults={"text": text, "code": code, "learnt_from": by}
            )
            is_free = kind == Kind.TERRITORY and is_one_of_several(words, text, code)
            if (is_new and not is_free and is_known(words, kind, text, dimension)) or name.code != code:
                raise LearningError("name_is_known", text=text)
            learnt.append(name)
    return learnt


def remember_layouts(*, upload: Upload, by: User) -> None:
    """Keeps how the tables of an upload were corrected, for the next file with tables of these shapes."""
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    for table in upload.recognised:
        if table.get("position") in upload.corrections:
            TableMapping.objects.update_or_create(
                fingerprint=table["fingerprint"],
                defaults={
                    "remembered": table["transferable"],
                    "indicator_id": indicators.get(table["chosen"]),
                    "learnt_from": by,
                },
            )


def _exists(kind: str, code: str) -> bool:
    if kind == Kind.CATEGORY:
        dimension, _, category = code.partition("=")
        return Category.objects.filter(dimension__code=dimension, code=category).exists()
    if kind == Kind.TERRITORY:
        return Territory.objects.filter(code=code).exists()
    if kind == Kind.INDICATOR:
        return Indicator.objects.filter(code=code).exists()
    return kind == Kind.UNIT and Unit.objects.filter(code=code).exists()
