"""A cross-table of 100,000 cells, from the file to its preview.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.cross_table

Five sheets, each an indicator with territories down and years across, figures made up; sent in, read,
compared and judged as a worker does it, and rolled back. The baseline is calamine reading the file.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import python_calamine as calamine  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.files import File  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from accounts.models import User  # noqa: E402
from cities.models import Territory  # noqa: E402
from indicators.models import Indicator, Source, Upload  # noqa: E402
from indicators.services.uploading import preview_upload, receive_upload  # noqa: E402

CELLS, SHEETS, YEARS = 100_000, 5, range(1950, 2026)


def write(path: Path) -> None:
    """The workbook: titles above the tables, names as the Bureau writes them."""
    territories = Territory.objects.order_by("pk").values_list("code", flat=True)
    indicators = Indicator.objects.filter(bureau_where={}, minimum=0, maximum=None).order_by("pk")[:SHEETS]
    rows = CELLS // SHEETS // len(YEARS) + 1
    workbook = Workbook(write_only=True)
    for indicator in indicators:
        sheet = workbook.create_sheet(indicator.code[:31])
        sheet.append([indicator.name_ru])
        sheet.append(["Регион", *YEARS])
        for number, code in enumerate(territories[:rows]):
            sheet.append([code, *(float((number * 7 + year) % 90) + 1 for year in YEARS)])
    workbook.save(path)


def timed(action: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def main() -> None:
    """Measures and prints."""
    call_command("migrate", verbosity=0)
    call_command("prepare", verbosity=0)
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.MEDIA_ROOT = folder
        path = Path(folder) / "cross-table.xlsx"
        write(path)
        with path.open("rb") as stream:
            upload = receive_upload(
                file=File(stream, path.name),
                user=User.objects.get(email="analyst@bagdar.example"),
                source=Source.objects.get(code="bureau"),
            )
        seconds = timed(lambda: preview_upload(upload.pk))
        upload = Upload.objects.get(pk=upload.pk)
        baseline = timed(lambda: [s.to_python() for s in _sheets(path)])
        print(
            f"cells compared: {sum(upload.counts.get(kind, 0) for kind in ('new', 'changed', 'unchanged'))}"
        )
        print(f"preview: {seconds:.1f} s, {seconds / baseline:.0f} times reading the file ({baseline:.2f} s)")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        transaction.set_rollback(True)


def _sheets(path: Path) -> list[calamine.CalamineSheet]:
    workbook = calamine.CalamineWorkbook.from_path(path)
    return [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]


if __name__ == "__main__":
    main()
