"""The WSGI application that gunicorn serves."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

if settings.SECRET_KEY == settings.UNSAFE_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY, or BAGDAR_VAR to a folder that holds secret_key.")
