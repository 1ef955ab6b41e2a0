"""The readers' addresses, under the reader's language."""

from django.urls import path

from portal import feeds
from portal.views import indicators, search, subscriptions

app_name = "portal"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("indicators/", indicators.indicator_list, name="indicator-list"),
    path("indicators/<slug:code>/", indicators.indicator_detail, name="indicator-detail"),
    path("feeds/changes.atom", feeds.ChangesFeed(), name="changes-feed"),
    path("feeds/programmes/<slug:code>.atom", feeds.ProgrammeFeed(), name="programme-feed"),
    path("feeds/programmes/<slug:code>/kpis/<str:kpi>.atom", feeds.KpiFeed(), name="kpi-feed"),
    path("feeds/territories/<slug:code>.atom", feeds.TerritoryFeed(), name="territory-feed"),
    path("subscriptions/new/", subscriptions.subscription_new, name="subscription-new"),
    path("subscriptions/<str:token>/", subscriptions.subscription_detail, name="subscription-detail"),
    path("subscriptions/<str:token>/end/", subscriptions.subscription_end, name="subscription-end"),
]
