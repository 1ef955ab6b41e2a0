from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_progress_in_full")]

    operations = [TrigramExtension()]
