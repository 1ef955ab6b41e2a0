"""The portal's own pages that readers look for by what they are about."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Page(NamedTuple):
    """A page without arguments: the name of its address, its title, and what it is about."""

    name: str
    title: str | Promise
    about: tuple[str | Promise, ...] = ()


PAGES = (
    Page("programmes:programme-list", _("Programmes")),
    Page("portal:indicator-list", _("Indicators")),
    Page("programmes:discrepancy-list", _("Where documents contradict themselves"), (_("Contradictions"),)),
    Page("programmes:provenance-list", _("Where every figure is written")),
    Page("programmes:quality-list", _("Data quality")),
    Page("programmes:inquiry-list", _("Deputies' inquiries")),
    Page("programmes:method-list", _("Methods")),
    Page(
        "programmes:monotown-method",
        _("Monotowns and their potential"),
        (
            _(
                "Which town is a monotown, and is its economic potential high, medium or low: the "
                "criteria of 2012, the 27 towns, and what the document does not tell about them."
            ),
        ),
    ),
    Page(
        "programmes:city-strategy-method",
        _("Is a city's strategy complete?"),
        (
            _(
                "The methodology of 2019 as a checklist with its paragraphs, and Semey's strategy "
                "to 2050 judged by it."
            ),
        ),
    ),
    Page(
        "programmes:rural-method",
        _("Potential of rural settlements"),
        (
            _(
                "Points for demography, infrastructure and economy with a geospatial rule: what is "
                "known of the method, and a form that applies it to tables of your own."
            ),
        ),
    ),
    Page(
        "programmes:programme-rules",
        _("Rules in numbers"),
        (
            _(
                "What falls due when, whether a plan's rows make its totals, and which limits "
                "anchor projects and loans must keep."
            ),
        ),
    ),
    Page(
        "programmes:employment-map",
        _("Employment maps of 2023"),
        (
            _(
                "Plan and actual of placements as a ministry's reply states them, with the sums "
                "that do not agree, and the figures of relocation."
            ),
        ),
    ),
    Page("api-docs", _("Data for machines (API)")),
)
