"""The files of deploy/ are taken by the programs that they are for; without the program a test is skipped."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from config.settings_servers import CELERY_TASK_DEFAULT_QUEUE, QUEUES
from tests.deploy.conftest import ROOT

DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
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


def test_every_queue_is_served() -> None:
    served = {
        queue
        for part in parts()
        if part["kind"] == "Deployment"
        for words in [part["spec"]["template"]["spec"]["containers"][0]["args"]]
        if words[0] == "worker"
        for queue in words[1].split(",")
    }
    assert served == {CELERY_TASK_DEFAULT_QUEUE, *QUEUES}


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = program("systemd-analyze")
    for unit in UNITS:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
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
