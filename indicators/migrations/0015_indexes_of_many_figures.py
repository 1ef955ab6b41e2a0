"""The orders that the API offers have indexes; figures are found by an unusual status, changes by their moment.
Two indexes go: the primary key begins with the series, and few changes come from an entry."""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import PROTECT

from common.databases.indexing import AddIndexPatiently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("indicators", "0014_pauses_of_publishing")]

    operations = [
        AddIndexPatiently(
            "observation",
            models.Index(fields=["published_at", "series", "period_start"], name="observation_by_moment"),
        ),
        RemoveIndexConcurrently("observation", "observation_by_publication"),
        AddIndexPatiently(
            "observation", models.Index(fields=["period_start", "series"], name="observation_by_period")
        ),
        AddIndexPatiently(
            "observation",
            models.Index(
                fields=["status", "series", "period_start"], name="observation_unusual",
                condition=~models.Q(status="A"),
            ),
        ),
        AddIndexPatiently(
            "observationrevision", BrinIndex(fields=["recorded_at"], name="revision_by_moment")
        ),
        AddIndexPatiently(
            "observationrevision",
            models.Index(
                fields=["entry"], name="revision_by_entry", condition=models.Q(entry__isnull=False)
            ),
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS indicators_observationrevision_entry_id_1dbdd069",
            "CREATE INDEX CONCURRENTLY indicators_observationrevision_entry_id_1dbdd069 "
            "ON indicators_observationrevision (entry_id)",
            state_operations=[
                migrations.AlterField(
                    "observationrevision",
                    "entry",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=PROTECT, related_name="revisions",
                        to="indicators.entry", verbose_name="entry",
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS indicators_observation_series_id_036e67ac",
            "CREATE INDEX CONCURRENTLY indicators_observation_series_id_036e67ac "
            "ON indicators_observation (series_id)",
            state_operations=[
                migrations.AlterField(
                    "observation",
                    "series",
                    models.ForeignKey(
                        db_index=False, on_delete=PROTECT, related_name="observations",
                        to="indicators.series", verbose_name="series",
                    ),
                )
            ],
        ),
    ]  # fmt: skip
