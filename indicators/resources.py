"""Units, sources and indicators as tables."""

from common.exchange import CatalogueResource
from indicators.models import Indicator, Source, Unit


class UnitResource(CatalogueResource):
    """One unit of measure a row."""

    class Meta:
        model = Unit
        import_id_fields = ("code",)
        fields = (
            "code", "name_kk", "name_ru", "name_en", "symbol_kk", "symbol_ru", "symbol_en", "aliases",
        )  # fmt: skip


class SourceResource(CatalogueResource):
    """One source a row."""

    class Meta:
        model = Source
        import_id_fields = ("code",)
        fields = ("code", "kind", "name_kk", "name_ru", "name_en", "url", "licence")


class IndicatorResource(CatalogueResource):
    """One indicator a row."""

    class Meta:
        model = Indicator
        import_id_fields = ("code",)
        fields = (
            "code", "bureau_key", "sdg", "bureau_where", "aliases", "name_kk", "name_ru", "name_en", "unit",
            "decimals", "frequency", "aggregation", "numerator", "denominator", "polarity", "minimum",
            "maximum", "dimensions", "definition_kk", "definition_ru", "definition_en", "instrument",
            "organisation",
        )  # fmt: skip
