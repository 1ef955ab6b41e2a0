"""What can be found by searching: one row for each thing that has a page or a place on one."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.names import localised
from portal.querysets import SearchEntryQuerySet


class SearchEntry(models.Model):
    """Something that readers look for, with the words by which it is found; rebuilt, never edited.

    `names` holds its names in all languages, its other names and its codes, folded (common/folding.py), as
    `| one name | another |`; `words` the same and then what is said of it. Both begin and end with a space,
    so that ` alm` is the beginning of a word.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("programmes")
        GOAL = "goal", _("goals")
        KPI = "kpi", _("KPIs")
        INDICATOR = "indicator", _("indicators")
        TERRITORY = "territory", _("territories")
        MEASURE = "measure", _("measures")
        DISCREPANCY = "discrepancy", _("contradictions")
        ACT = "act", _("legal acts")
        PAGE = "page", _("pages")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    programme = models.CharField(_("code of the programme"), max_length=64, blank=True)
    code = models.CharField(_("code"), max_length=64)
    title_kk = models.TextField(_("title in Kazakh"))
    title_ru = models.TextField(_("title in Russian"))
    title_en = models.TextField(_("title in English"))
    context_kk = models.TextField(_("context in Kazakh"), blank=True)
    context_ru = models.TextField(_("context in Russian"), blank=True)
    context_en = models.TextField(_("context in English"), blank=True)
    names = models.TextField(_("names, folded"))
    words = models.TextField(_("words, folded"))

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.UniqueConstraint(fields=["kind", "programme", "code"], name="search_entry_is_one")
        ]
        indexes = [GinIndex(fields=["words"], name="search_by_words", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.programme} {self.code}"

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return localised(self, "title")

    @property
    def context(self) -> str:
        """Where it belongs, in the reader's language."""
        return localised(self, "context")


class SearchWord(models.Model):
    """A folded word that occurs in some entry: what a mistyped one may have meant."""

    word = models.TextField(_("word"), primary_key=True)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        indexes = [GinIndex(fields=["word"], name="search_words_alike", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class SearchBuild(models.Model):
    """The state of the content from which the entries were last built; one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(_("fingerprint of the content"), max_length=64)
    entries = models.PositiveIntegerField(_("number of entries"))
    built_at = models.DateTimeField(_("built at"), auto_now=True)

    class Meta:
        verbose_name = _("build of the search entries")
        verbose_name_plural = _("builds of the search entries")
        constraints = [models.CheckConstraint(name="search_build_is_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.fingerprint
