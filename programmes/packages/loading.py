"""Loads all of `data/` in one transaction: everything, or nothing."""

from itertools import chain
from pathlib import Path

from django.db import transaction
from django.utils import translation

from programmes.models import LoadedPackage
from programmes.packages.catalogue import store_breakdowns, store_catalogue
from programmes.packages.contents import Contents, digest, read
from programmes.packages.evidence import store_citations, store_discrepancies, store_documents
from programmes.packages.figures import publish_figures
from programmes.packages.geography import store_groups, store_territories
from programmes.packages.measures import store_benchmarks, store_measures
from programmes.packages.money import store_funding
from programmes.packages.promises import (
    Register,
    remove_what_left,
    store_acts,
    store_goals,
    store_kpis,
    store_programmes,
)
from programmes.packages.rules import store_inquiries, store_rules
from programmes.packages.storing import Summary
from programmes.services.recording import record_contradictions


def load(data_dir: Path, *, force: bool = False, prune: bool = False) -> Summary:
    """Makes the database agree with the files, unless they are those of the last load.

    Goals, acts, KPIs and measures that have left the files are an error, or removed where `prune`. Raises
    `PackageError`, in English, for the first thing that is wrong; nothing is changed then.
    """
    data_dir = data_dir.resolve()
    sha256 = digest(data_dir)
    known = LoadedPackage.objects.filter(path=data_dir.name, sha256=sha256)
    if known.exists() and not force and not prune:
        return Summary(is_skipped=True)
    with translation.override("en"), transaction.atomic():
        summary = _store(read(data_dir), prune=prune)
        LoadedPackage.objects.update_or_create(path=data_dir.name, defaults={"sha256": sha256})
    return summary


def _store(contents: Contents, *, prune: bool) -> Summary:
    summary = Summary()
    territories = store_territories(contents, summary)
    groups, memberships = store_groups(contents, territories, summary)
    catalogue = store_catalogue(contents, summary)
    broken_down = chain(
        *(package.kpis + package.observations for package in contents.packages),
        *(file.rows for file in contents.statistics),
    )
    register = Register(territories, groups, catalogue, store_breakdowns(broken_down, catalogue))
    promises = store_programmes(contents, register, summary)
    documents = store_documents(contents, promises, summary)
    for promise in promises:
        store_acts(promise, summary)
        store_goals(promise, summary)
        store_kpis(promise, register, summary)
        store_measures(promise, register, summary)
        store_funding(promise, register, summary)
        store_benchmarks(promise, register, summary)
        store_rules(promise, register, summary)
        store_inquiries(promise, register, documents, summary)
        store_discrepancies(promise, register, summary)
        remove_what_left(promise, summary, prune=prune)
    statements = publish_figures(contents, register, documents, summary)
    store_citations(promises, memberships, statements, register, documents, summary)
    summary.of("Contradictions found by rule").unchanged = record_contradictions()
    return summary
