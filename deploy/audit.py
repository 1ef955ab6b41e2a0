"""Which known vulnerabilities the pinned packages have, and what the product is made of.

    bin/audit [--bill FOLDER]

Asks PyPI's advisories for each package of requirements.txt, and npm's for those of package-lock.json, where
there is an npm. With `--bill` it writes CycloneDX bills of materials there. Exit code 1 where a vulnerability
is known, 2 where nobody could be asked about some packages; these are named.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PINNED = ROOT / "requirements.txt"
KNOWN, UNASKED = 1, 2


def main() -> int:
    """Prints what is known, and returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bill", type=Path, help="the folder for the bills of materials")
    options = parser.parse_args()
    if options.bill:
        write_bills(options.bill)
    python, front_end = of_python(_python()), of_front_end(_npm())
    known, unasked = (of_one + of_other for of_one, of_other in zip(python, front_end, strict=True))
    for line in known + unasked:
        sys.stdout.write(f"{line}\n")
    return KNOWN if known else UNASKED if unasked else 0


def of_python(answer: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The vulnerabilities in what pip-audit says, and the packages that nobody could be asked about."""
    packages = answer["dependencies"]
    known = [
        f"{each['name']} {each['version']}: {found['id']}{_cure(found['fix_versions'])}"
        for each in packages
        for found in each.get("vulns", ())
    ]
    return known, _unasked("Python", [each["name"] for each in packages if "skip_reason" in each])


def of_front_end(answer: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The same of what npm says; it answers for all or for none."""
    if "vulnerabilities" not in answer:
        return [], _unasked("front-end", ["all"])
    return [f"{name}: {each['severity']}" for name, each in answer["vulnerabilities"].items()], []


def write_bills(folder: Path) -> None:
    """`python.cdx.json` and, where there is an npm, `front-end.cdx.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    bill = folder / "python.cdx.json"
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(PINNED), "--of", "JSON"]
    _run([*command, "-o", str(bill)])
    if npm := shutil.which("npm"):
        command = [npm, "sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"]
        (folder / "front-end.cdx.json").write_bytes(_run(command))


def _cure(versions: Iterable[str]) -> str:
    return f"; mended in {', '.join(versions)}" if versions else ""


def _unasked(kind: str, names: list[str]) -> list[str]:
    return [f"Nobody could be asked about these {kind} packages: {', '.join(names)}"] if names else []


def _python() -> Mapping[str, Any]:
    command = [sys.executable, "-m", "pip_audit", "-r", str(PINNED), "--disable-pip", "--require-hashes"]
    return _answer([*command, "--format", "json"], {"dependencies": [{"name": "all", "skip_reason": ""}]})


def _npm() -> Mapping[str, Any]:
    npm = shutil.which("npm")
    return _answer([npm, "audit", "--omit", "dev", "--json"], {}) if npm else {}


def _answer(command: list[str], nobody: Mapping[str, Any]) -> Mapping[str, Any]:
    """What it says as JSON; `nobody` where it says nothing, as when it reaches nobody."""
    try:
        answer: Mapping[str, Any] = json.loads(_run(command, check=False))
    except ValueError:
        return nobody
    return answer


def _run(command: list[str], *, check: bool = True) -> bytes:
    done = subprocess.run(command, check=check, cwd=ROOT, capture_output=True)  # noqa: S603 - our own commands
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
