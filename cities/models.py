"""Geography, the ground floor: territories, their history, other names, and groups of them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.querysets import MembershipQuerySet, TerritoryQuerySet
from common.names import LANGUAGES, Named, localised

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
slug = RegexValidator(SLUG, _("Use small Latin letters, digits and hyphens."))


def validity_is_ordered(name: str) -> models.CheckConstraint:
    """`valid_from` comes before `valid_to`, where both are known."""
    return models.CheckConstraint(
        name=name, condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to"))
    )


def never_twice_at_once(name: str, *fields: str) -> ExclusionConstraint:
    """No two rows that agree in the fields are valid on the same day."""
    days = models.Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in fields), (days, RangeOperators.OVERLAPS)],
    )


class Territory(Named):
    """A place that figures and promises refer to: a country, an oblast, a city, a district, a settlement."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("country")
        OBLAST = "oblast", _("oblast")
        REPUBLICAN_CITY = "republican_city", _("city of republican significance")
        DISTRICT = "district", _("district of an oblast")
        CITY = "city", _("city")
        CITY_DISTRICT = "city_district", _("district of a city")
        RURAL_DISTRICT = "rural_district", _("rural district")
        SETTLEMENT = "settlement", _("settlement")
        AGGLOMERATION = "agglomeration", _("agglomeration")
        POLYCENTRE = "polycentre", _("polycentre")

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[slug])
    level = models.CharField(_("level"), max_length=16, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    kato = models.CharField(_("KATO code"), max_length=9, null=True, blank=True, unique=True)
    bureau_code = models.CharField(_("code of the Bureau"), max_length=8, null=True, blank=True, unique=True)
    valid_from = models.DateField(_("exists since"), null=True, blank=True)
    valid_to = models.DateField(_("existed until"), null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            models.CheckConstraint(name="territory_code_is_slug", condition=Q(code__regex=SLUG)),
            models.CheckConstraint(
                name="territory_kato_has_nine_digits", condition=Q(kato=None) | Q(kato__regex=r"^\d{9}$")
            ),
            models.CheckConstraint(
                name="territory_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("pk"))
            ),
            models.CheckConstraint(
                name="territory_only_country_has_no_parent",
                condition=Q(level="country") | Q(parent__isnull=False),
            ),
            models.CheckConstraint(
                name="territory_point_is_whole_and_on_earth",
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__isnull=False, latitude__isnull=False)
                & Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
            ),
            validity_is_ordered("territory_validity_is_ordered"),
        ]


class TerritoryAlias(models.Model):
    """Another way in which a territory's name is written: former, adjectival, short, foreign."""

    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="aliases", verbose_name=_("territory")
    )
    language = models.CharField(_("language"), max_length=2, choices=[(code, code) for code in LANGUAGES])
    text = models.CharField(_("text"), max_length=200)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            models.UniqueConstraint(fields=["territory", "language", "text"], name="alias_is_listed_once"),
            models.CheckConstraint(name="alias_is_not_empty", condition=~Q(text="")),
        ]
        indexes = [GinIndex(fields=["text"], name="alias_trigrams", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.text


class TerritoryChange(models.Model):
    """An event in a territory's history: a founding, a renaming, a merger, a change of status."""

    class Kind(models.TextChoices):
        FOUNDED = "founded", _("founded")
        SPLIT_OFF = "split_off", _("split off")
        RENAMED = "renamed", _("renamed")
        MERGED = "merged", _("merged")
        STATUS_CHANGED = "status_changed", _("status changed")
        ABOLISHED = "abolished", _("abolished")

    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    predecessor = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="later_changes",
        verbose_name=_("territory before"),
    )  # fmt: skip
    successor = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="earlier_changes",
        verbose_name=_("territory after"),
    )
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    act = models.CharField(_("legal act"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("territorial change")
        verbose_name_plural = _("territorial changes")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["on", "kind", "predecessor", "successor"],
                name="change_is_listed_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="change_names_a_territory",
                condition=Q(predecessor__isnull=False) | Q(successor__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.note

    @property
    def note(self) -> str:
        """What happened, in the reader's language."""
        return localised(self, "note")


class TerritoryGroup(Named):
    """A list of territories that belong together: the monotowns, the oblast centres, an agglomeration."""

    code = models.CharField(_("code"), max_length=64, unique=True, validators=[slug])
    note_kk = models.TextField(_("note in Kazakh"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    labels = models.JSONField(_("names of listed attributes"), default=dict, blank=True)
    territories = models.ManyToManyField(
        Territory, through="GroupMembership", related_name="groups", verbose_name=_("territories")
    )

    class Meta:
        verbose_name = _("group of territories")
        verbose_name_plural = _("groups of territories")

    @property
    def note(self) -> str:
        """What the list is, in the reader's language."""
        return localised(self, "note")


class GroupMembership(models.Model):
    """A territory's time in a group, with what the founding list says of it (annex 1 of the monotowns
    programme prints population, class, branch and state of the main enterprise)."""

    class PotentialClass(models.TextChoices):
        HIGH = "high", _("high potential")
        MEDIUM = "medium", _("medium potential")
        LOW = "low", _("low potential")

    group = models.ForeignKey(
        TerritoryGroup, models.CASCADE, related_name="memberships", verbose_name=_("group of territories")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="memberships", verbose_name=_("territory")
    )
    number = models.PositiveSmallIntegerField(_("number in the list"), null=True, blank=True)
    valid_from = models.DateField(_("since"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    official_class = models.CharField(_("official class"), max_length=8, choices=PotentialClass, blank=True)
    attributes = models.JSONField(_("as listed"), default=dict, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership in a group")
        verbose_name_plural = _("memberships in groups")
        ordering = ["group", "number"]
        constraints = [
            never_twice_at_once("membership_is_one_at_a_time", "group", "territory"),
            validity_is_ordered("membership_validity_is_ordered"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.group.code}: {self.territory.code}"


class Boundary(models.Model):
    """The outline of a territory as an operator loaded it, a GeoJSON Polygon or MultiPolygon in degrees."""

    territory = models.OneToOneField(
        Territory, models.CASCADE, related_name="boundary", verbose_name=_("territory")
    )
    geometry = models.JSONField(_("outline"))
    source = models.CharField(_("source"), max_length=500)
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")
        constraints = [
            models.CheckConstraint(
                name="boundary_encloses_an_area",
                condition=Q(geometry__has_key="type", geometry__type__in=["Polygon", "MultiPolygon"]),
            ),
            models.CheckConstraint(name="boundary_names_its_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return self.territory.code
