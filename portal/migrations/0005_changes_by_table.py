from django.db import migrations, models

# A transaction is seen as a whole: one note of a table is enough, and one that writes without end leaves a
# hundred. Whoever takes older notes away adds one of the same table: no state of a table ever comes back.
CREATE = """
CREATE OR REPLACE FUNCTION note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted bigint;
    counter text := 'portal.noted_' || TG_TABLE_NAME;
    so_far integer := coalesce(nullif(current_setting(counter, true), ''), '0');
BEGIN
    IF so_far >= 100 THEN
        RETURN NULL;
    END IF;
    PERFORM set_config(counter, (so_far + 1)::text, true);
    INSERT INTO public.portal_publicchange (table_name) VALUES (TG_TABLE_NAME) RETURNING id INTO noted;
    IF random() < 0.05 THEN
        DELETE FROM public.portal_publicchange WHERE id IN (
            SELECT id FROM public.portal_publicchange
            WHERE table_name = TG_TABLE_NAME AND id < noted FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN NULL;
END
$$;
"""

DROP = """
CREATE OR REPLACE FUNCTION note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
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


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_subscriptions")]
    operations = [
        migrations.AddField(
            "publicchange",
            "table_name",
            models.CharField(verbose_name="table", max_length=63, default=""),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
