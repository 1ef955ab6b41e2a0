"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.checks import require_safety  # noqa: E402 - settings come first
from config.warming import warm_up  # noqa: E402

require_safety()
warm_up()
