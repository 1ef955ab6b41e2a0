"""Addresses: pages under their language, the API and the machine's endpoints without one."""

from allauth.socialaccount.views import login_cancelled, login_error
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views_mfa import RemovePasskey
from accounts.views_sso import sign_on, sign_on_back
from config.health import healthz, readyz
from config.views import choose_language, front_door
from portal.views.home import home
from portal.views.metrics import metrics
from portal.views.security import security_txt

handler500 = "config.views.server_error"

urlpatterns = [
    path("", front_door),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("language/<slug:code>/", choose_language, name="choose-language"),
    # One address for all languages: providers allow only those that they know.
    path("sso/<slug:provider_id>/login/", sign_on, name="openid_connect_login"),
    path("sso/<slug:provider_id>/login/callback/", sign_on_back, name="openid_connect_callback"),
    path("sso/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("sso/failed/", login_error, name="socialaccount_login_error"),
    path("api/v1/", include("config.api_urls")),
    *i18n_patterns(
        path("", home, name="home"),
        # A person's address is changed by an administrator alone: single sign-on knows people by it.
        path("accounts/email/", RedirectView.as_view(pattern_name="mfa_index"), name="account_email"),
        path("accounts/", include("allauth.account.urls")),
        path(
            "accounts/second-step/webauthn/keys/<int:pk>/remove/",
            RemovePasskey.as_view(),
            name="mfa_remove_webauthn",
        ),
        path("accounts/second-step/", include("allauth.mfa.urls")),
        path("accounts/sessions/", include("allauth.usersessions.urls")),
        path("", include("accounts.urls")),
        path("admin/", admin.site.urls),
        path("", include("programmes.urls")),
        path("", include("indicators.urls")),
        path("", include("papers.urls")),
        path("", include("portal.urls")),
    ),
]
