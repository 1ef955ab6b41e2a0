"""History cannot be rewritten: PostgreSQL refuses to change or delete a revision, whoever asks."""

from django.db import migrations

CREATE = """
CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER revisions_are_append_only BEFORE UPDATE OR DELETE ON indicators_observationrevision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
"""

DROP = """
DROP TRIGGER revisions_are_append_only ON indicators_observationrevision;
DROP FUNCTION refuse_to_rewrite_history();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
