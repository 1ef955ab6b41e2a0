"""The API's addresses of files to take along and of the catalogue that describes them."""

from django.urls import path, re_path

from portal.api_bulk import BulkView, bulk_file
from portal.api_catalogue import CatalogueView

urlpatterns = [
    path("bulk/", BulkView.as_view(), name="api-bulk"),
    re_path(
        r"^bulk/(?P<name>\d{8}T\d{6}Z|latest)/(?P<file>[a-z-]+(\.[a-z]+)+)$", bulk_file, name="api-bulk-file"
    ),
    path("catalogue.jsonld", CatalogueView.as_view(), name="api-catalogue"),
]
