"""What a figure is described by, in SDMX's words: the dimensions, the measure and the attributes.

The dimensions by which figures are broken down are those of the catalogue: the structure grows with it.
"""

from django.utils.translation import gettext_lazy as _

from indicators.models import Dimension

AGENCY = "BAGDAR"
VERSION = "1.0.0"
FLOW = "OBSERVATIONS"
FLOW_ID = f"{AGENCY}:{FLOW}({VERSION})"

CONCEPTS = {
    "FREQ": _("frequency"),
    "INDICATOR": _("indicator"),
    "REF_AREA": _("territory"),
    "DATA_SOURCE": _("source"),
    "TIME_PERIOD": _("period"),
    "OBS_VALUE": _("value"),
    "OBS_STATUS": _("status"),
    "UNIT_MEASURE": _("unit"),
}
"""Names of all concepts but the catalogue's dimensions."""
FIRST = ("FREQ", "INDICATOR", "REF_AREA", "DATA_SOURCE")
"""The dimensions before those of the catalogue; TIME_PERIOD is the last."""


def breakdown_dimensions() -> list[str]:
    """Codes of the dimensions by which figures are broken down, in the order of the structure."""
    return list(Dimension.objects.order_by("pk").values_list("code", flat=True))
