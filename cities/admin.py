"""Territories in the administration."""

from django.contrib import admin

from cities.models import GroupMembership, Territory, TerritoryAlias, TerritoryChange, TerritoryGroup
from cities.resources import TerritoryAliasResource, TerritoryResource
from common.admin_bases import ExchangeAdmin, ModelAdmin, NamedAdmin, TabularInline


class AliasInline(TabularInline):
    """A territory's other names, on its page."""

    model = TerritoryAlias
    extra = 0


class MembershipInline(TabularInline):
    """A group's territories, on its page."""

    model = GroupMembership
    extra = 0
    autocomplete_fields = ("territory",)
    ordering = ("number",)


@admin.register(Territory)
class TerritoryAdmin(ExchangeAdmin):
    """Places, in and out as a file."""

    resource_classes = (TerritoryResource,)
    list_display = ("code", "title", "level", "parent", "kato", "valid_from", "valid_to")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = (*NamedAdmin.search_fields, "kato", "bureau_code", "aliases__text")
    autocomplete_fields = ("parent",)
    inlines = (AliasInline,)


@admin.register(TerritoryAlias)
class TerritoryAliasAdmin(ExchangeAdmin):
    """Spellings met in statistics, in and out as a file."""

    resource_classes = (TerritoryAliasResource,)
    list_display = ("text", "language", "territory")
    list_filter = ("language",)
    list_select_related = ("territory",)
    search_fields = ("text", "territory__code")
    autocomplete_fields = ("territory",)
    ordering = ("text",)


@admin.register(TerritoryChange)
class TerritoryChangeAdmin(ModelAdmin):
    """Reforms."""

    list_display = ("on", "kind", "predecessor", "successor", "note")
    list_filter = ("kind",)
    list_select_related = ("predecessor", "successor")
    search_fields = ("note_kk", "note_ru", "note_en", "act", "predecessor__code", "successor__code")
    autocomplete_fields = ("predecessor", "successor")
    date_hierarchy = "on"


@admin.register(TerritoryGroup)
class TerritoryGroupAdmin(NamedAdmin):
    """Lists of territories, with their members."""

    inlines = (MembershipInline,)
