"""The readers' addresses, under the reader's language."""

from django.urls import path
from django.views.decorators.http import require_safe

from portal import feeds
from portal.views import (
    comparison,
    deputy,
    erasure,
    hooks,
    indicators,
    profiles,
    search,
    status,
    style,
    subscriptions,
    territories,
)

app_name = "portal"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("indicators/", indicators.indicator_list, name="indicator-list"),
    path("indicators/<slug:code>/", indicators.indicator_detail, name="indicator-detail"),
    path("territories/", territories.territory_list, name="territory-list"),
    path("territories/<slug:code>/", profiles.territory_detail, name="territory-detail"),
    path("compare/", comparison.comparison, name="comparison"),
    path("deputy/", deputy.deputy_briefing, name="deputy"),
    path("status/", status.system_status, name="system-status"),
    path("users/<int:pk>/erase/", erasure.user_erase, name="user-erase"),
    path("status/publishing/pause/", status.publishing_pause, name="publishing-pause"),
    path("status/publishing/resume/", status.publishing_resume, name="publishing-resume"),
    path("style/", style.style, name="style"),
    path("feeds/changes.atom", require_safe(feeds.ChangesFeed()), name="changes-feed"),
    path("feeds/programmes/<slug:code>.atom", require_safe(feeds.ProgrammeFeed()), name="programme-feed"),
    path("feeds/programmes/<slug:code>/kpis/<str:kpi>.atom", require_safe(feeds.KpiFeed()), name="kpi-feed"),
    path("feeds/territories/<slug:code>.atom", require_safe(feeds.TerritoryFeed()), name="territory-feed"),
    path("account/hooks/", hooks.hook_list, name="hook-list"),
    path("account/hooks/<int:pk>/", hooks.hook_detail, name="hook-detail"),
    path("account/hooks/<int:pk>/test/", hooks.hook_test, name="hook-test"),
    path("account/hooks/<int:pk>/enable/", hooks.hook_enable, name="hook-enable"),
    path("account/hooks/<int:pk>/remove/", hooks.hook_remove, name="hook-remove"),
    path("account/hooks/deliveries/<int:pk>/replay/", hooks.delivery_replay, name="delivery-replay"),
    path("subscriptions/new/", subscriptions.subscription_new, name="subscription-new"),
    path("subscriptions/<str:token>/", subscriptions.subscription_detail, name="subscription-detail"),
    path("subscriptions/<str:token>/end/", subscriptions.subscription_end, name="subscription-end"),
]
