"""Looks for inputs that break a reader, guided by which of its lines they reach.

    pip install atheris
    python -m tests.fuzzing TARGET [--seconds 60] [--corpus FOLDER]

Targets: tests/fuzzing/targets.py. Stops at the first find and writes it into `crash-…` in the current folder:
mended, it goes to tests/fuzzing/finds/ as `<target>-<what>.bin`.
"""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
with atheris.instrument_imports(
    include=["indicators", "programmes.packages", "papers.signatures", "common.rest"]
):
    django.setup()
    from tests.fuzzing.targets import TARGETS, seeds


def main() -> None:
    """Fuzzes one target for a while."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder)
        corpus.mkdir(exist_ok=True)
        for number, seed in enumerate(seeds(options.target)):
            (corpus / f"seed-{number}").write_bytes(seed)
        limits = [f"-max_total_time={options.seconds}", "-timeout=20", "-rss_limit_mb=2048"]
        atheris.Setup([sys.argv[0], str(corpus), *limits], TARGETS[options.target])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
