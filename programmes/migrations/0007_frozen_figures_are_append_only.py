"""What was frozen for an inquiry cannot be changed: PostgreSQL refuses it, whoever asks."""

from django.db import migrations

CREATE = """
CREATE TRIGGER frozen_figures_are_append_only BEFORE UPDATE OR DELETE ON programmes_frozenfigure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
"""

DROP = "DROP TRIGGER frozen_figures_are_append_only ON programmes_frozenfigure;"


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0002_revisions_are_append_only"),
        ("programmes", "0006_inquiries_answered_here"),
    ]

    operations = [migrations.RunSQL(CREATE, DROP)]
