"""People and organisations in the administration, and the way into it."""

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.admin import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import EmailField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, Mandate, Organisation, User
from accounts.services.entering import remove_second_factors, unlink_sign_on
from accounts.services.leaving import end_sessions
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

# Nobody looks at another's second steps and log-ins; they are only ended, on the page of users.
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken, UserSession])

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
    actions = ("remove_second_steps", "unlink_sign_on", "end_log_ins", "erase_personal_data")

    @admin.action(description=_("Erase personal data…"))
    def erase_personal_data(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse:
        """Leads to the page that asks once more; one person at a time."""
        if users.count() != 1:
            self.message_user(request, _("Choose one user."), messages.ERROR)
            return redirect(request.get_full_path())
        return redirect("portal:user-erase", users.get().pk)

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

    @admin.action(description=_("Remove the second steps of log-in (phone and codes lost)"))
    def remove_second_steps(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """They set new ones up at their next log-in. Only a superuser frees a superuser."""
        if not isinstance(by := request.user, User):
            raise PermissionDenied
        allowed = [user for user in queryset if self.has_change_permission(request, user)]
        freed = [user.email for user in allowed if remove_second_factors(user=user, by=by)]
        if freed:
            text = _("Second steps were removed: %(people)s.") % {"people": ", ".join(freed)}
            self.message_user(request, text, messages.SUCCESS)
        else:
            self.message_user(request, _("Nobody of these has a second step."), messages.WARNING)

    @admin.action(description=_("Unlink the single sign-on"))
    def unlink_sign_on(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The next sign-on with the person's address links it anew."""
        if not isinstance(by := request.user, User):
            raise PermissionDenied
        for user in queryset:
            if self.has_change_permission(request, user):
                unlink_sign_on(user=user, by=by)

    @admin.action(description=_("End all log-ins"))
    def end_log_ins(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Whoever sits before a browser of theirs has to log in anew."""
        for user in queryset:
            if self.has_change_permission(request, user):
                end_sessions(user=user)


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
