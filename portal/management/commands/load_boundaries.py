"""Loads outlines of territories for the maps: `manage.py load_boundaries FILE.geojson --property NAME`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.services.loading_boundaries import BoundariesError, load_boundaries


class Command(BaseCommand):
    """`manage.py load_boundaries`"""

    help = "Loads outlines of territories from a GeoJSON file in degrees; maps can show them then."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how its features name their territories."""
        parser.add_argument("file", type=Path, metavar="FILE.geojson")
        parser.add_argument("--property", required=True, metavar="NAME", dest="name",
                            help="names the territory: a code, a KATO code or a name")  # fmt: skip
        parser.add_argument("--source", default="", metavar="TEXT",
                            help="who made the outlines and their licence; shown below the map")  # fmt: skip
        parser.add_argument(
            "--allow-unmatched", action="store_true", help="load what matches, leave the rest"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads and says what was done, feature by feature where something is wrong."""
        file: Path = options["file"]
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            loaded = load_boundaries(
                content=content,
                name=options["name"],
                source=options["source"] or file.name,
                allow_unmatched=options["allow_unmatched"],
            )
        except BoundariesError as error:
            raise CommandError(f"{file.name}: {error}") from error
        for sentence in loaded.unmatched:
            self.stderr.write(sentence)
        if loaded.unmatched and not options["allow_unmatched"]:
            raise CommandError(
                f"Nothing was loaded: {len(loaded.unmatched)} features name no territory of their own. "
                "Correct the file, or load the others with --allow-unmatched."
            )
        self.stdout.write(
            self.style.SUCCESS(f"Outlines of {len(loaded.territories)} territories are loaded.")
        )
