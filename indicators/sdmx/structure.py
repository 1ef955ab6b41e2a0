"""The structure of the figures as SDMX-ML 3.0: code lists, concepts, data structure definition, data flow."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cities.models import Territory
from common.names import LANGUAGES
from indicators.fields import FREQUENCIES, Status
from indicators.filters import TOTAL
from indicators.models import Dimension, Indicator, Source, Unit
from indicators.sdmx.concepts import AGENCY, CONCEPTS, FIRST, FLOW, VERSION, breakdown_dimensions

MEDIA_TYPE = "application/vnd.sdmx.structure+xml;version=3.0.0"
NAMESPACES = {
    name: f"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/{name}"
    for name in ("message", "structure", "common")
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CONCEPT_SCHEME = "CONCEPTS"
PACKAGES = {"Codelist": "codelist", "ConceptScheme": "conceptscheme", "Concept": "conceptscheme"}
TYPES = {"TIME_PERIOD": "ObservationalTimePeriod", "OBS_VALUE": "Decimal"}
"""Of the components without a code list."""


@dataclass(frozen=True)
class Code:
    """An entry of a code list: its names by language, and the codes that others know it by."""

    id: str
    names: Mapping[str, str]
    known_as: Mapping[str, str] = field(default_factory=dict)


def structure_message(now: dt.datetime) -> bytes:
    """The whole message; the time is that of its making."""
    for name, address in NAMESPACES.items():
        ET.register_namespace(name[:3], address)
    root = ET.Element(_tag("message", "Structure"))
    _add_header(root, now)
    structures = ET.SubElement(root, _tag("message", "Structures"))
    dimensions = {each.code: each for each in Dimension.objects.prefetch_related("categories")}
    order = breakdown_dimensions()
    lists = _code_lists([dimensions[code] for code in order])
    titles = {name: _in_all_languages(title) for name, title in CONCEPTS.items()}
    titles |= {code: _names(dimensions[code]) for code in order}
    codelists = ET.SubElement(structures, _tag("structure", "Codelists"))
    for name, codes in lists.items():
        _add_codelist(codelists, name, titles[name], codes)
    _add_concepts(structures, titles)
    _add_flow(structures)
    _add_definition(structures, [*FIRST, *order], lists)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_header(root: ET.Element, now: dt.datetime) -> None:
    header = ET.SubElement(root, _tag("message", "Header"))
    for name, text in (("ID", f"{AGENCY}-STRUCTURE"), ("Test", "false"), ("Prepared", now.isoformat())):
        ET.SubElement(header, _tag("message", name)).text = text
    ET.SubElement(header, _tag("message", "Sender"), id=AGENCY)


def _code_lists(dimensions: Iterable[Dimension]) -> dict[str, list[Code]]:
    """The lists by the concept that they are for."""
    areas = Territory.objects.order_by("code")
    found = {
        "FREQ": [Code(code, _in_all_languages(label)) for code, label in FREQUENCIES],
        "INDICATOR": [Code(each.code, _names(each)) for each in Indicator.objects.order_by("code")],
        "REF_AREA": [Code(each.code, _names(each), _known_as(each)) for each in areas],
        "DATA_SOURCE": [Code(each.code, _names(each)) for each in Source.objects.order_by("code")],
        "OBS_STATUS": [Code(code, _in_all_languages(label)) for code, label in Status.choices],
        "UNIT_MEASURE": [Code(each.code, _names(each)) for each in Unit.objects.order_by("code")],
    }
    total = Code(TOTAL, _in_all_languages(_("total")))
    for dimension in dimensions:
        categories = sorted(dimension.categories.all(), key=lambda each: each.pk)
        found[dimension.code] = [total, *(Code(each.code, _names(each)) for each in categories)]
    return found


def _known_as(territory: Territory) -> dict[str, str]:
    codes = {"KATO": territory.kato, "BUREAU": territory.bureau_code}
    return {name: code for name, code in codes.items() if code}


def _add_codelist(parent: ET.Element, name: str, names: Mapping[str, str], codes: Iterable[Code]) -> None:
    codelist = _maintainable(parent, "Codelist", f"CL_{name}", names)
    for code in codes:
        entry = ET.SubElement(codelist, _tag("structure", "Code"), id=code.id)
        _annotate(entry, code.known_as)
        _name(entry, code.names)


def _annotate(entry: ET.Element, known_as: Mapping[str, str]) -> None:
    if not known_as:
        return
    annotations = ET.SubElement(entry, _tag("common", "Annotations"))
    for kind, text in known_as.items():
        annotation = ET.SubElement(annotations, _tag("common", "Annotation"))
        ET.SubElement(annotation, _tag("common", "AnnotationTitle")).text = text
        ET.SubElement(annotation, _tag("common", "AnnotationType")).text = kind


def _add_concepts(structures: ET.Element, titles: Mapping[str, Mapping[str, str]]) -> None:
    schemes = ET.SubElement(structures, _tag("structure", "ConceptSchemes"))
    scheme = _maintainable(schemes, "ConceptScheme", CONCEPT_SCHEME, _in_all_languages(_("concepts")))
    for concept, names in titles.items():
        _name(ET.SubElement(scheme, _tag("structure", "Concept"), id=concept), names)


def _add_flow(structures: ET.Element) -> None:
    flows = ET.SubElement(structures, _tag("structure", "Dataflows"))
    flow = _maintainable(flows, "Dataflow", FLOW, _in_all_languages(_("observations")))
    reference = f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={AGENCY}:{FLOW}({VERSION})"
    ET.SubElement(flow, _tag("structure", "Structure")).text = reference


def _add_definition(structures: ET.Element, dimensions: Iterable[str], lists: Mapping[str, Any]) -> None:
    definitions = ET.SubElement(structures, _tag("structure", "DataStructures"))
    definition = _maintainable(definitions, "DataStructure", FLOW, _in_all_languages(_("observations")))
    components = ET.SubElement(definition, _tag("structure", "DataStructureComponents"))
    parts = ET.SubElement(components, _tag("structure", "DimensionList"), id="DimensionDescriptor")
    for position, name in enumerate(dimensions, start=1):
        _add_component(parts, "Dimension", name, lists, position=str(position))
    _add_component(parts, "TimeDimension", "TIME_PERIOD", lists)
    parts = ET.SubElement(components, _tag("structure", "AttributeList"), id="AttributeDescriptor")
    for name in ("OBS_STATUS", "UNIT_MEASURE"):
        attribute = _add_component(parts, "Attribute", name, lists, usage="mandatory")
        related = ET.SubElement(attribute, _tag("structure", "AttributeRelationship"))
        if name == "UNIT_MEASURE":
            ET.SubElement(related, _tag("structure", "Dimension")).text = "INDICATOR"
        else:
            ET.SubElement(related, _tag("structure", "Observation"))
    parts = ET.SubElement(components, _tag("structure", "MeasureList"), id="MeasureDescriptor")
    _add_component(parts, "Measure", "OBS_VALUE", lists, usage="optional")


def _add_component(
    parent: ET.Element, kind: str, name: str, lists: Mapping[str, Any], **attributes: str
) -> ET.Element:
    """A part of the definition: which concept it is, and which values it takes."""
    component = ET.SubElement(parent, _tag("structure", kind), {"id": name, **attributes})
    concept = _urn("Concept", CONCEPT_SCHEME) + f".{name}"
    ET.SubElement(component, _tag("structure", "ConceptIdentity")).text = concept
    local = ET.SubElement(component, _tag("structure", "LocalRepresentation"))
    if name in lists:
        ET.SubElement(local, _tag("structure", "Enumeration")).text = _urn("Codelist", f"CL_{name}")
    else:
        ET.SubElement(local, _tag("structure", "TextFormat"), textType=TYPES[name])
    return component


def _maintainable(parent: ET.Element, kind: str, name: str, names: Mapping[str, str]) -> ET.Element:
    found = ET.SubElement(parent, _tag("structure", kind), id=name, agencyID=AGENCY, version=VERSION)
    _name(found, names)
    return found


def _urn(kind: str, name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{PACKAGES[kind]}.{kind}={AGENCY}:{name}({VERSION})"


def _name(parent: ET.Element, names: Mapping[str, str]) -> None:
    for language, text in names.items():
        ET.SubElement(parent, _tag("common", "Name"), {XML_LANG: language}).text = text


def _names(row: Any) -> dict[str, str]:
    return {code: text for code in LANGUAGES if (text := getattr(row, f"name_{code}"))}


def _in_all_languages(text: Any) -> dict[str, str]:
    found = {}
    for code in LANGUAGES:
        with override(code):
            found[code] = str(text)
    return found


def _tag(namespace: str, name: str) -> str:
    return f"{{{NAMESPACES[namespace]}}}{name}"
