"""The portal behind a real PgBouncer in transaction mode, with the settings of deploy/pgbouncer."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from deploy.ports import free_port
from tests.hosts.conftest import Pair, Serve, Web
from tests.patience import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.django_db
REPORT = "almaty-2025-annual:almaty:2024"
LINE = "central-water-access:_T"


@pytest.fixture(scope="module")
def pooled(pair: Pair) -> Iterator[str]:
    """The address of a pool of two connections to the primary."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    folder = Path("/tmp") / f"bagdar-pool-{pair.primary.folder.parent.name}"
    folder.mkdir(mode=0o755)
    port = free_port()
    text = (settings.BASE_DIR / "deploy/pgbouncer/pgbouncer.ini").read_text()
    for name, value in {
        "bagdar": f"host={pair.primary.folder} port={pair.primary.port} dbname={pair.database}",
        "listen_addr": "127.0.0.1", "listen_port": str(port), "auth_file": str(folder / "users"),
        "logfile": str(folder / "log"), "pidfile": str(folder / "pid"), "default_pool_size": "2",
        "reserve_pool_size": "0",
    }.items():  # fmt: skip
        text, count = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        assert count == 1, name
    (folder / "pgbouncer.ini").write_text(text + "unix_socket_dir =\n")
    (folder / "users").write_text(f'"{pair.user}" "{pair.password}"\n')
    account = pair.primary.account
    shutil.chown(folder, account.uid, account.gid)
    for statement in re.findall(r"ALTER ROLE[^;]*", text):
        pair.on_primary(statement)
    process = subprocess.Popen(account.leashed([program, str(folder / "pgbouncer.ini")], 15))
    try:
        url = f"postgres://{pair.user}:{pair.password}@127.0.0.1:{port}/bagdar"
        eventually(lambda: _answers(url))
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        shutil.rmtree(folder)


def _answers(url: str) -> bool:
    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True


@pytest.fixture
def web(pooled: str, serve: Serve) -> Web:
    return serve(DATABASE_URL=pooled, DATABASE_POOLED="1", REPLICA_URL="", WEB_CONCURRENCY="3")


@pytest.mark.parametrize(
    "path",
    [
        "/kk/", "/ru/programmes/almaty-2025/", "/en/programmes/almaty-2025/kpis/KPI-4/?as_of=2024-01-01",
        "/en/search/?q=water", "/api/v1/kpis/",
        "/api/v1/observations/?limit=all&format=csv&indicator=neet-share",
        "/api/v1/programmes/?limit=all&format=xlsx", "/readyz",
    ],
)  # fmt: skip
def test_everything_is_read_through_it(web: Web, path: str) -> None:
    answers = [web.get(path) for _ in range(3)]
    assert [each.status_code for each in answers] == [200] * 3
    assert len({len(each.content) > 0 for each in answers}) == 1


def test_a_report_goes_its_way_through_it(pair: Pair, web: Web) -> None:
    analyst, approver = pair.key_of("almaty.analyst", "entries"), pair.key_of("approver", "approval")
    report = REPORT.replace("2024", "2022")
    saved = web.put(f"/api/v1/entries/{report}:{LINE}/", json={"value": "97.1"}, headers=analyst)
    assert saved.status_code in {200, 201}, saved.text
    assert web.post(f"/api/v1/reports/{report}/submit/", headers=analyst).json()["state"] == "submitted"
    assert web.post(f"/api/v1/reports/{report}/approve/", headers=approver).json()["state"] == "approved"
    published = "/api/v1/observations/?indicator=central-water-access&territory=almaty&source=akimat-almaty"
    assert "2022" in {row["period"] for row in web.get(published).json()["results"]}


def test_a_file_is_imported_and_everything_recomputed_through_it(
    pooled: str, pair: Pair, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nneet-share,almaty,1999,7.5\n")
    told = manage(
        pooled, tmp_path, "upload_file", str(table), "--user", "analyst@bagdar.example", "--source", "bureau",
        "--confirm", "--wait",
    )  # fmt: skip
    assert "1" in told
    script = "from programmes.services.running import recompute_everything as r; print(r().state)"
    assert manage(pooled, tmp_path, "shell", "--no-imports", "-c", script).split()[-1] == "done"


def manage(url: str, var: Path, *words: str) -> str:
    environment = {
        "DATABASE_URL": url, "DATABASE_POOLED": "1", "BAGDAR_VAR": str(var), "SECRET_KEY": "k" * 60,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=settings.BASE_DIR, env=os.environ | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_connection_keeps_anything_from_one_transaction_to_the_next(pair: Pair, web: Web) -> None:
    """Two readers of a pool of two find neither the other's settings nor his tables."""
    for path in ("/api/v1/kpis/?limit=all&format=csv", "/en/programmes/almaty-2025/?as_of=2023-01-01"):
        assert web.get(path).status_code == 200
    left = "SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relname NOT LIKE 'pg\\_%'"
    assert pair.on_primary(left) == 0
