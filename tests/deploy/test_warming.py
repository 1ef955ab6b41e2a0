"""What a worker has before its first reader comes."""

import subprocess
import sys

from django.conf import settings

FIRST_REQUEST = """
import sys
from config.wsgi import application
from django.db import connection
from django.test import RequestFactory

assert connection.connection is None, "workers would share a connection"
known = set(sys.modules)
request = RequestFactory().get("/healthz", HTTP_HOST="localhost")
list(application(request.environ, lambda status, headers: None))
print("loaded late:", *sorted(name for name in set(sys.modules) - known if name.split(".")[0] in OWN))
print("views:", "programmes.views.programmes" in known)
"""


def test_the_first_reader_waits_for_no_module() -> None:
    own = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}
    code = FIRST_REQUEST.replace("OWN", repr(own))
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines() == ["loaded late:", "views: True"]
