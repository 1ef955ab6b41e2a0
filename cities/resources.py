"""Territories and their other names as tables, with the columns of `data/territories/`."""

from cities.models import Territory, TerritoryAlias
from common.exchange import CatalogueResource


class TerritoryResource(CatalogueResource):
    """One territory a row."""

    class Meta:
        model = Territory
        import_id_fields = ("code",)
        fields = (
            "code", "level", "parent", "kato", "bureau_code", "name_kk", "name_ru", "name_en",
            "valid_from", "valid_to", "longitude", "latitude",
        )  # fmt: skip


class TerritoryAliasResource(CatalogueResource):
    """One spelling of a territory's name a row."""

    class Meta:
        model = TerritoryAlias
        import_id_fields = ("territory", "language", "text")
        fields = ("territory", "language", "text")
