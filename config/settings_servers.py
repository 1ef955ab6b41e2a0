"""Settings of what the portal stands on: databases, Redis, files and jobs (docs/settings.md)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab
from kombu import Exchange, Queue

from config.environment import flag, words

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("BAGDAR_VAR") or BASE_DIR / "var")
DEBUG = flag("DEBUG")
NODE_MODULES = Path(os.environ.get("BAGDAR_NODE_MODULES") or BASE_DIR / "node_modules")

# --- Storage -------------------------------------------------------------------------------------------

# Through PgBouncer in transaction mode nothing may last longer than a transaction.
POOLED = flag("DATABASE_POOLED")
# A page gives up sooner than a job (deploy/gunicorn.conf.py); no transaction is held open for nothing.
STATEMENT_SECONDS = int(os.environ.get("STATEMENT_SECONDS", "600"))
# A host that is cut off is found out in three seconds and a half, by client and server: what a worker held
# is then free for others.
PATIENCE = {
    "connect_timeout": 2, "tcp_user_timeout": 3000,
    "keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 2,
}  # fmt: skip
SESSION = {
    "statement_timeout": f"{STATEMENT_SECONDS}s", "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": f"{2 * STATEMENT_SECONDS}s",
    "client_connection_check_interval": "500",
    "tcp_keepalives_idle": "2", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "2",
    "tcp_user_timeout": "3000",
    # Rows with all that they refer to are joins of nine tables: to look for their best order took PostgreSQL
    # 50 ms, and 2 ms to read them (docs/benchmarks.md). Nor are statements compiled that take milliseconds.
    "join_collapse_limit": "6", "from_collapse_limit": "6", "jit": "off",
}  # fmt: skip


def _database(url: str, **more: Any) -> Any:
    """The database at the address; several hosts in it are asked in turn (docs/operating.md)."""
    found: Any = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    options = PATIENCE | found.get("OPTIONS", {})
    if not POOLED:  # else the role has these settings: PgBouncer lets no client bring its own
        options["options"] = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    return found | {"OPTIONS": options, "DISABLE_SERVER_SIDE_CURSORS": POOLED} | more


_replicas = os.environ.get("REPLICA_URL", "").split()
REPLICAS = [f"replica{number}" for number in range(1, len(_replicas) + 1)]
# A replica that is further behind is not read from while the primary answers.
REPLICA_LAG_SECONDS = float(os.environ.get("REPLICA_LAG_SECONDS") or 30)
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgres:///bagdar"))} | {
    alias: _database(url, TEST={"MIRROR": "default"}) for alias, url in zip(REPLICAS, _replicas, strict=True)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "unix:///run/redis/redis.sock?db=0")
CACHES = {
    "default": {
        "BACKEND": "common.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "bagdar",
        # What is kept there is a convenience: nobody waits long for it.
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    },
}
# For so long a cache in front of the portal need not ask whether public answers still hold; 0: it has to.
CDN_SECONDS = int(os.environ.get("CDN_SECONDS") or 0)

MEDIA_ROOT = VAR_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/htmx", NODE_MODULES / "htmx.org/dist"),
    ("vendor/golos", NODE_MODULES / "@fontsource-variable/golos-text"),
]
# Papers and drawings as PNG are set in these, whatever fonts the machine has; every Kazakh letter is in them.
FONTS_DIR = NODE_MODULES / "@expo-google-fonts/golos-text"
CHART_FONT_FAMILY = "Golos Text"
CHART_FONTS = [
    FONTS_DIR / name
    for name in ("400Regular/GolosText_400Regular.ttf", "600SemiBold/GolosText_600SemiBold.ttf")
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "common.static_files.CollectedFiles"
    },
}
WHITENOISE_MANIFEST_STRICT = False

# Where back-ups go, how many are kept, and who may open them (docs/reliability.md).
BACKUP_DIR = Path(os.environ.get("BACKUP_DIR") or VAR_DIR / "backup")
BACKUP_KEEP = int(os.environ.get("BACKUP_KEEP", "14"))
BACKUP_RECIPIENTS = words("BACKUP_RECIPIENTS")
BACKUP_IDENTITY_FILE = os.environ.get("BACKUP_IDENTITY_FILE", "")

# --- Jobs ----------------------------------------------------------------------------------------------


def _broker_url(redis_url: str) -> str:
    """The broker's address as kombu writes it: `redis+socket://` and `virtual_host` for a Unix socket."""
    if redis_url.startswith("unix://"):
        return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    return redis_url


CELERY_BROKER_URL = _broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,
    "unacked_restore_interval": 5,
    "socket_keepalive": True,
    "queue_order_strategy": "priority",
    # A page must not wait for a broker that is away: the outbox keeps the work, the sweep finds it.
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_DB_REUSE_MAX = 500
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 700_000  # kB
# After SIGTERM: so long a job may go on, then its message is handed back for another worker.
WORKER_STOP_SECONDS = float(os.environ.get("WORKER_STOP_SECONDS") or 8)
# What somebody waits for stands before what a whole file or a whole country needs (docs/operating/queues.md).
CELERY_TASK_DEFAULT_QUEUE = "interactive"
QUEUES = {
    "imports": [
        "indicators.preview_upload", "indicators.apply_upload", "indicators.revert_upload",
        "indicators.mark_errors", "indicators.look_at_file", "indicators.look_at_files",
    ],
    "mail": [
        "indicators.remind", "indicators.send_letters", "portal.send_invitations", "portal.send_digests",
        "portal.drain_news", "portal.tell_hook",
    ],
    "recompute": [
        "programmes.work_on_run", "programmes.recompute_everything", "programmes.check_quality",
        "programmes.check_touched", "portal.refresh_search", "portal.note_standings", "portal.make_snapshot",
        "portal.prune",
    ],
}  # fmt: skip
CELERY_TASK_ROUTES = {task: {"queue": queue} for queue, tasks in QUEUES.items() for task in tasks}
# A worker of several queues looks into the first that it was given, then into the next.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange("bagdar"), routing_key=name) for name in (CELERY_TASK_DEFAULT_QUEUE, *QUEUES)
]
CELERY_TIMEZONE = "Asia/Almaty"
# So soon is work taken up whose message was lost or whose worker died; imports, which take longest, sooner.
SWEEP = 5.0
SWEEP_OF_IMPORTS = 2.0
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "look-at-files": {"task": "indicators.look_at_files", "schedule": 600.0},
    "resume-uploads": {"task": "indicators.resume_uploads", "schedule": SWEEP_OF_IMPORTS},
    "drain-outbox": {"task": "programmes.drain_outbox", "schedule": SWEEP},
    "check-touched": {"task": "programmes.check_touched", "schedule": 60.0},
    "refresh-search": {"task": "portal.refresh_search", "schedule": 60.0},
    "note-standings": {"task": "portal.note_standings", "schedule": 60.0},
    "resume-papers": {"task": "papers.resume", "schedule": SWEEP},
    "send-invitations": {"task": "portal.send_invitations", "schedule": 300.0},
    # By day, and every hour for a portal that was off: nobody is told twice.
    "send-digests": {"task": "portal.send_digests", "schedule": crontab(hour="8-19", minute=20)},
    "resume-runs": {"task": "programmes.resume_runs", "schedule": SWEEP},
    # At seven, and every hour after for a portal that was off: nobody is reminded twice.
    "remind": {"task": "indicators.remind", "schedule": crontab(hour="7-19", minute=0)},
    "send-letters": {"task": "indicators.send_letters", "schedule": 300.0},
    "drain-news": {"task": "portal.drain_news", "schedule": SWEEP},
    "prune": {"task": "portal.prune", "schedule": crontab(hour=3, minute=10)},
    "judge-the-new-day": {"task": "programmes.recompute_everything", "schedule": crontab(hour=0, minute=5)},
    "check-the-new-day": {"task": "programmes.check_quality", "schedule": crontab(hour=0, minute=35)},
    "make-snapshot": {"task": "portal.make_snapshot", "schedule": crontab(hour=2, minute=10)},
}
if REPLICAS:  # a replica is as old as the last transaction that it was sent
    CELERY_BEAT_SCHEDULE["mark-time"] = {"task": "portal.mark_time", "schedule": SWEEP}
for _sweep in CELERY_BEAT_SCHEDULE.values():
    if isinstance(_sweep["schedule"], float):  # nobody needs a sweep after its successor
        _sweep["options"] = {"expires": _sweep["schedule"]}
