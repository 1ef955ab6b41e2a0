from django.db import migrations

# A transaction leaves one note of each table: that of its last statement, or of its hundredth. Whoever takes
# older notes away adds one of the same table: no state of a table ever comes back.
CREATE = """
CREATE OR REPLACE FUNCTION note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    setting text := 'portal.noted_' || TG_TABLE_NAME;
    so_far text[] := string_to_array(nullif(current_setting(setting, true), ''), ' ');
    statements integer := coalesce(so_far[1]::integer, 0);
    noted bigint;
BEGIN
    IF statements >= 100 THEN
        RETURN NULL;
    END IF;
    DELETE FROM public.portal_publicchange WHERE id = so_far[2]::bigint;
    INSERT INTO public.portal_publicchange (table_name) VALUES (TG_TABLE_NAME) RETURNING id INTO noted;
    PERFORM set_config(setting, (statements + 1) || ' ' || noted, true);
    IF random() < 0.2 THEN
        DELETE FROM public.portal_publicchange WHERE id IN (
            SELECT id FROM public.portal_publicchange
            WHERE table_name = TG_TABLE_NAME AND id < noted FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_changes_by_table")]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
