"""Where lines of the log go and how they are written; who may read metrics; what is kept how long."""

import ipaddress
import os

LOG_FORMAT = "json" if os.environ.get("LOG_FORMAT") == "json" else "lines"
_FORMATTERS = {"json": "common.logs.JsonFormatter", "lines": "common.logs.LineFormatter"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": _FORMATTERS[LOG_FORMAT]}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "gunicorn.error": {"handlers": ["console"], "propagate": False, "level": "INFO"},
        # A line for each answer is for machines.
        "bagdar.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
    },
}

# Who may read /metrics: addresses and networks, or whoever has the token.
METRICS_FROM = [
    ipaddress.ip_network(text.strip())
    for text in (os.environ.get("METRICS_FROM") or "127.0.0.1,::1").split(",")
]
METRICS_DIR = os.environ.get("METRICS_DIR", "")
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

# What is kept for how many days; 0 is for ever (docs/retention.md).
KEPT_DAYS = {
    name: int(os.environ.get(variable) or days)
    for name, variable, days in (
        ("changes", "CHANGES_KEPT_DAYS", 90),
        ("deliveries", "DELIVERIES_KEPT_DAYS", 30),
        ("letters", "LETTERS_KEPT_DAYS", 30),
        ("notices", "NOTICES_KEPT_DAYS", 365),
        ("snapshots", "SNAPSHOT_DAYS", 30),
        ("staged_figures", "STAGED_FIGURES_KEPT_DAYS", 90),
    )
}
