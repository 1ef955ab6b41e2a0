import django.contrib.postgres.fields
from django.db import migrations, models

import common.models

# What triggers call: nothing is noted where nothing was touched.
CREATE = """
CREATE FUNCTION note_change(name text, keys bigint[], ids text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF name = 'reset' OR keys <> '{}' OR ids <> '{}' THEN
        INSERT INTO public.common_change (transaction, noted_at, snapshot, name, keys, ids)
        VALUES (
            pg_current_xact_id(), clock_timestamp(), pg_current_snapshot(), name,
            coalesce(keys, '{}'), coalesce(ids, '{}')
        );
    END IF;
END
$$;
"""

DROP = "DROP FUNCTION note_change(text, bigint[], text[])"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("transaction", common.models.TransactionField(verbose_name="transaction")),
                ("noted_at", models.DateTimeField(verbose_name="noted at")),
                ("snapshot", common.models.SnapshotField(verbose_name="transactions over by then")),
                ("name", models.CharField(max_length=32, verbose_name="list")),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None, verbose_name="keys"
                    ),
                ),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None, verbose_name="ids before"
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "indexes": [
                    models.Index(fields=["name", "transaction"], name="change_by_transaction"),
                    models.Index(fields=["noted_at"], name="change_by_time"),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
