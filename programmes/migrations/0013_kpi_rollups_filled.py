"""Standings that are there already are counted; from then on whoever recomputes a KPI counts its own."""

from django.db import migrations

BATCH = 100
FILL = """
INSERT INTO programmes_kpirollup
    (kpi_id, on_track, at_risk, off_track, reversed, not_computable, met, missed, stale, no_data, way)
SELECT kpi_id, count(*) FILTER (WHERE standing = 1), count(*) FILTER (WHERE standing = 2),
       count(*) FILTER (WHERE standing = 3), count(*) FILTER (WHERE standing = 4),
       count(*) FILTER (WHERE standing = 5), count(*) FILTER (WHERE standing = 6),
       count(*) FILTER (WHERE standing = 7), count(*) FILTER (WHERE standing = 9),
       count(*) FILTER (WHERE standing = 10),
       avg(least(greatest(distance, 0), 1)) FILTER (
           WHERE standing IN (1, 2, 3, 4, 6, 7) AND distance IS NOT NULL
       )
FROM programmes_standing WHERE kpi_id = ANY(%s)
GROUP BY kpi_id
ON CONFLICT DO NOTHING
"""


def fill(apps, schema_editor):
    found = apps.get_model("programmes", "Kpi").objects.using(schema_editor.connection.alias)
    kpis = list(found.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(kpis), BATCH):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(FILL, [kpis[start : start + BATCH]])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programmes", "0012_kpi_rollups")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
