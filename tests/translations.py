"""Every interface string stands in Kazakh and Russian: `python -m tests.translations` fails if one does not.

The strings are extracted anew and compared, by GNU gettext's own tools, with locale/; the compiled catalogues
must be those of the texts. With `--update` the new strings are merged into locale/ and it is compiled.
"""

import contextlib
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

LANGUAGES = ("kk", "ru")
SOURCES = (
    "accounts",
    "cities",
    "common",
    "config",
    "indicators",
    "papers",
    "portal",
    "programmes",
    "templates",
)


def main() -> int:
    """The exit status: 0 when nothing is missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not shutil.which("xgettext"):
        sys.stderr.write("Translations are not checked: GNU gettext is not installed.\n")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as folder:
        template = extract(Path(folder))
        if "--update" in sys.argv:
            update(template)
        return max(check(language, template, Path(folder)) for language in LANGUAGES)


def extract(folder: Path) -> Path:
    """All strings of the project, as a template in the folder."""
    django.setup()
    settings.LOCALE_PATHS = [folder / "locale"]
    (folder / "locale").mkdir()
    for name in SOURCES:
        (folder / name).symlink_to(Path(name).absolute())
    with contextlib.chdir(folder):
        call_command(
            "makemessages", locale=["kk"], keep_pot=True, no_location=True, symlinks=True, verbosity=0
        )
    return folder / "locale" / "django.pot"


def catalogue(language: str) -> Path:
    return Path("locale") / language / "LC_MESSAGES" / "django.po"


def update(template: Path) -> None:
    """Merges new strings into the catalogues, drops those that are gone, and compiles."""
    for language in LANGUAGES:
        po = catalogue(language)
        if not po.exists():
            po.parent.mkdir(parents=True, exist_ok=True)
            _run(
                "msginit",
                "--no-translator",
                "--no-wrap",
                "--locale",
                language,
                "--input",
                template,
                "--output",
                po,
            )
        _run(
            "msgmerge",
            "--quiet",
            "--update",
            "--backup=none",
            "--no-fuzzy-matching",
            "--no-location",
            po,
            template,
        )
        _run("msgattrib", "--no-obsolete", "--no-location", "-o", po, po)
        _run("msgfmt", "--check-format", "-o", po.with_suffix(".mo"), po)


def check(language: str, template: Path, folder: Path) -> int:
    """Compares one language's catalogue with the template; what is missing is named on standard error."""
    po = catalogue(language)
    status = _run("msgcmp", po, template) or _run(
        "msgfmt", "--check-format", "-o", folder / "compiled.mo", po
    )
    if not status and not filecmp.cmp(folder / "compiled.mo", po.with_suffix(".mo"), shallow=False):
        sys.stderr.write(f"{po.with_suffix('.mo')} is not compiled from {po}: run with --update.\n")
        status = 1
    return status


def _run(*words: str | Path) -> int:
    return subprocess.run([str(word) for word in words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
