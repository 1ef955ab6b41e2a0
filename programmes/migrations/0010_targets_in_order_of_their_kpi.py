"""Targets are sorted by their KPI's number, for which no other table is asked; the database does not change."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programmes", "0009_progress_digest")]

    operations = [
        migrations.AlterModelOptions(
            "target",
            {
                "ordering": ["kpi_id", "period_start", "valid_from"],
                "verbose_name": "target", "verbose_name_plural": "targets",
            },
        ),
    ]  # fmt: skip
