"""Money is added up from an index, without the lines themselves."""

from django.db import migrations, models
from django.db.models import Q

from common.databases.indexing import AddIndexPatiently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programmes", "0010_targets_in_order_of_their_kpi")]

    operations = [
        AddIndexPatiently(
            "funding",
            models.Index(
                fields=["programme", "year_from", "year_to"],
                include=["id", "planned", "planned_max", "paid"],
                condition=Q(measure__isnull=False, parent=None, is_yearly=False, planned__isnull=False),
                name="funding_alone",
            ),
        ),
        AddIndexPatiently(
            "funding",
            models.Index(
                fields=["order"],
                condition=Q(measure=None) | Q(parent__isnull=False) | Q(is_yearly=True) | Q(planned=None),
                name="funding_apart",
            ),
        ),
    ]
