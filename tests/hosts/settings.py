"""The portal's settings, for portals that need no collected static files."""

from config.settings import *  # noqa: F403
from config.settings import STORAGES as FOUND

STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES = {**FOUND, "staticfiles": STATIC}
