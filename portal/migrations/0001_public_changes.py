from django.db import migrations, models
from django.db.models.functions import Now

# A transaction is seen as a whole: its first note is enough, and one that writes without end leaves a thousand.
CREATE = """
CREATE FUNCTION note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted bigint;
    so_far integer := coalesce(nullif(current_setting('portal.noted', true), ''), '0');
BEGIN
    IF so_far >= 1000 THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('portal.noted', (so_far + 1)::text, true);
    INSERT INTO public.portal_publicchange DEFAULT VALUES RETURNING id INTO noted;
    IF noted % 64 = 0 THEN
        DELETE FROM public.portal_publicchange WHERE id IN (
            SELECT id FROM public.portal_publicchange WHERE id < noted - 64 FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN NULL;
END
$$;
"""

# The triggers on the public tables go with their function: they are made anew after the next migration.
DROP = "DROP FUNCTION note_public_change() CASCADE"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="PublicChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noted_at", models.DateTimeField(db_default=Now(), verbose_name="noted at")),
            ],
            options={"verbose_name": "public change", "verbose_name_plural": "public changes"},
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
