"""People and organisations in the administration, and the way into it."""

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.forms import EmailField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, Mandate, Organisation, User
from common.admin_bases import ModelAdmin, NamedAdmin, TabularInline
from common.admin_changes import ToldAdmin

if TYPE_CHECKING:
    CreationForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
    UserAdminBase = DjangoUserAdmin[User]
else:
    CreationForm, ChangeForm, UserAdminBase = AdminUserCreationForm, UserChangeForm, DjangoUserAdmin

# Everybody comes in by the same door, with its limits on guessing.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Administration")

SUPERUSER_FIELDS = ("is_superuser", "groups", "user_permissions")


class UserCreationForm(CreationForm):
    """A new user: e-mail address, language, password."""

    class Meta:
        model = User
        fields = ("email", "language")
        field_classes = {"email": EmailField}


class UserEditForm(ChangeForm):
    """A user as stored; the password has a page of its own."""

    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"email": EmailField}


class MandateInline(TabularInline):
    """What a user may do where, on the user's page."""

    model = Mandate
    extra = 0
    autocomplete_fields = ("organisation", "territory")


@admin.register(User)
class UserAdmin(ToldAdmin, UserAdminBase):
    """People, known by their e-mail address. Only a superuser touches superusers and permissions."""

    form = UserEditForm
    add_form = UserCreationForm
    list_display = ("email", "first_name", "last_name", "language", "is_active", "is_staff", "last_login")
    list_filter = ("mandates__role", "is_active", "is_staff", "language")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "first_name", "last_name", "language")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", *SUPERUSER_FIELDS)}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "language", "usable_password", "password1", "password2"),
            },
        ),
    )
    inlines = (MandateInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Permissions are given by superusers."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, *SUPERUSER_FIELDS, "is_staff")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's password, too, is changed by superusers."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody but a superuser deletes one."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_delete_permission(request, obj)


@admin.register(Organisation)
class OrganisationAdmin(NamedAdmin):
    """Bodies that own programmes, report figures or answer for promises."""

    list_display = ("code", "title", "kind", "territory")
    list_filter = ("kind",)
    list_select_related = ("territory",)
    autocomplete_fields = ("parent", "territory")


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):
    """Machines' keys. A key is shown once, to whoever makes it: here it only expires or is revoked."""

    list_display = ("label", "prefix", "user", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("label", "prefix", "user__email")
    readonly_fields = ("user", "prefix", "scopes", "created_at", "last_used_at")
    ordering = ("-created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: a key without its secret would open nothing."""
        return False
