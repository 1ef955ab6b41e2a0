"""The report on the monotowns: one town, or all of them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.models import GroupMembership, Territory
from common.names import LANGUAGES, language
from indicators.models import Observation
from indicators.templatetags.figures import period
from papers.contents.citing import cite_document, cite_places, cite_source
from papers.document import Cell, Column, Document
from papers.writing import Writer, figure, missing, plain, say, share, standing
from programmes.applied import labels
from programmes.applied.town_criteria import Line, sections
from programmes.applied.towns import Town, tallies, towns
from programmes.explaining import stated
from programmes.labels import WORDS, reason_in_words
from programmes.methods.monotowns import POLICIES, Outcome
from programmes.models import Document as Written
from programmes.models import Standing
from programmes.overview import Rollup, in_force

DOCUMENT = "001"
POLICY = POLICIES[0]


def monotown_report(territory: Territory | None) -> Document | None:
    """Class, indicators and promises of the town, or of all; None where it is no town of the list."""
    found = towns()
    if territory is None:
        return _all_towns(found)
    town = next((each for each in found if each.membership.territory_id == territory.pk), None)
    return _one_town(town) if town else None


def _all_towns(found: Sequence[Town]) -> Document:
    writer = Writer()
    note = cite_document(writer, Written.objects.get(code=DOCUMENT))
    territories = [town.membership.territory_id for town in found]
    standings = _standings(territories)
    rollup = Rollup.of(standings)
    writer.heading(_("The towns and their classes"))
    _write_classes(writer, found)
    _write_towns(writer, found, standings, note)
    writer.heading(_("Promises to the towns"))
    writer.text(rollup.sentence, style="lead")
    _write_promises(writer, standings, is_many=True)
    writer.heading(_("Indicators of the towns"))
    _write_indicators(writer, territories, is_many=True)
    _write_method(writer)
    counts = Counter(town.membership.official_class for town in found)
    classes = "; ".join(
        f"{label} – {counts[code]}" for code, label in GroupMembership.PotentialClass.choices if counts[code]
    )
    words = ngettext("%(n)s town: %(classes)s.", "%(n)s towns: %(classes)s.", len(found))
    return writer.finish(
        kind=_("Report on monotowns"),
        title=_("Monotowns: classes, indicators and promises"),
        summary=words % {"n": len(found), "classes": classes},
        facts=[(_("Towns"), len(found)), (_("Promises"), rollup.total), (_("Policy of judging"), _policy())],
    )


def _policy() -> str:
    return str(labels.POLICIES[POLICY.code])


def _write_classes(writer: Writer, found: Sequence[Town]) -> None:
    """How many towns each policy of reading annex 2 puts where."""
    columns = [
        Column(_("Policy"), 3),
        *(Column(str(labels.OUTCOMES[each]), 1.2, is_number=True) for each in Outcome),
        Column(_("contradict the official class"), 1.4, is_number=True),
    ]
    rows = [
        [
            say(tally.name),
            *(plain(tally.counts[each]) for each in Outcome),
            plain(tally.contradicting),
        ]
        for tally in tallies(found)
    ]
    writer.table(_("Classes by policy"), columns, rows, _("Classes by policy"))


def _write_towns(writer: Writer, found: Sequence[Town], standings: Sequence[Standing], note: int) -> None:
    columns = [
        Column(_("No."), 0.5, is_number=True),
        Column(_("Town"), 1.8),
        Column(_("Population as listed"), 1.4, is_number=True),
        Column(_("Official class"), 1.6),
        Column(_("Class by the criteria"), 1.8),
        Column(_("Criteria without an answer"), 1.3, is_number=True),
        Column(_("Promises kept or on course"), 1.4),
    ]
    by_town: dict[int, list[Standing]] = {}
    for each in standings:
        by_town.setdefault(each.territory_id, []).append(each)
    rows = [
        [
            plain(town.membership.number),
            say(town.membership.territory.name),
            figure(town.membership.attributes.get("population"), 0, notes=[note]),
            say(town.membership.get_official_class_display()),
            say(town.judge(POLICY).label),
            plain(town.unknown),
            _kept(by_town.get(town.membership.territory_id, [])),
        ]
        for town in found
    ]
    writer.table(_("The towns of annex 1"), columns, rows, _("Towns"))


def _kept(standings: Sequence[Standing]) -> Cell:
    rollup = Rollup.of(standings)
    kept = sum(rollup.counts.get(code, 0) for code in ("met", "on_track"))
    if not rollup.total:
        return missing()
    return say(
        _("%(kept)s of %(total)s; judged: %(judged)s")
        % {"kept": kept, "total": rollup.total, "judged": rollup.judged}
    )


def _one_town(town: Town) -> Document:
    writer = Writer()
    membership, judgement = town.membership, town.judge(POLICY)
    standings = _standings([membership.territory_id])
    writer.heading(_("Class"))
    writer.text(
        _("Annex 1 of the programme prints: %(official)s. The criteria of annex 2 give: %(found)s.")
        % {"official": membership.get_official_class_display() or _("no class"), "found": judgement.label},
        style="lead",
        notes=cite_places(writer, membership.citations.select_related("document")),
    )
    if judgement.contradicts:
        writer.text(_("No answer to what is unknown could lead to the class that is printed."))
    if lacking := len(town.missing(POLICY)):
        words = ngettext(
            "%(n)s criterion must be known before the class is settled; it has no answer below.",
            "%(n)s criteria must be known before the class is settled; they have no answer below.",
            lacking,
        )
        writer.text(words % {"n": lacking})
    _write_criteria(writer, town)
    writer.heading(_("Promises to the town"))
    writer.text(Rollup.of(standings).sentence, style="lead")
    _write_promises(writer, standings, is_many=False)
    writer.heading(_("Indicators of the town"))
    _write_indicators(writer, [membership.territory_id], is_many=False)
    _write_method(writer)
    return writer.finish(
        kind=_("Report on monotowns"),
        title=_("%(town)s: class, indicators and promises") % {"town": membership.territory.name},
        summary=Rollup.of(standings).sentence,
        facts=[(_("Policy of judging"), _policy()), *_listed(membership)],
    )


def _listed(membership: GroupMembership) -> list[tuple[str, str]]:
    """What annex 1 lists of the town."""
    names = {
        "population": _("Population as listed"),
        "industry_type": _("Kind of industry"),
        "industry_branch": _("Branch"),
        "enterprise_state": _("State of the main enterprise"),
    }
    told = membership.attributes
    return [(name, _attribute(membership, code, told[code])) for code, name in names.items() if code in told]


def _attribute(membership: GroupMembership, code: str, value: object) -> str:
    words = membership.group.labels.get(code, {}).get(str(value), {})
    if isinstance(value, int):
        return figure(value, 0).text
    return next((words[each] for each in (language(), *LANGUAGES) if words.get(each)), str(value))


def _write_criteria(writer: Writer, town: Town) -> None:
    columns = [
        Column(_("Criterion"), 3),
        Column(_("Answer"), 1.1),
        Column(_("Limit"), 1.3),
        Column(_("Value"), 1.5),
        Column(_("Evidence"), 2.6),
    ]
    document = cite_document(writer, Written.objects.get(code=DOCUMENT))
    for section in sections(town.known, POLICY):
        writer.heading(f"{section.title}: {section.answer}", 2)
        rows = []
        for item in section.items:
            rows.append([say(item.label), say(item.answer), missing(), missing(), missing()])
            rows += [_criterion(line, document) for line in item.lines]
        writer.table("", columns, rows, _("Criteria"), part=section.title)


def _criterion(line: Line, document: int) -> list[Cell]:
    name = f"{'– ' * (line.depth + 1)}{line.label}"
    notes = [document] if line.place else []
    answer = missing(line.answer) if line.is_unknown else say(line.answer, notes)
    return [say(name), answer, say(line.limit), say(line.stated), say(line.note)]


def _standings(territories: Iterable[int]) -> list[Standing]:
    """How every promise to these territories stands, by programme, KPI and territory; five queries."""
    found = Standing.objects.filter(territory__in=territories).select_related(
        "territory", "series__source", "kpi__programme", "kpi__indicator__unit"
    )
    return list(
        found.prefetch_related("kpi__targets").order_by("kpi__programme", "kpi__order", "territory__code")
    )


def _write_promises(writer: Writer, standings: Sequence[Standing], *, is_many: bool) -> None:
    columns = [
        *([Column(_("Town"), 1.5)] if is_many else []),
        Column(_("KPI"), 3),
        Column(_("Last target"), 1.5, is_number=True),
        Column(_("Actual"), 1.5, is_number=True),
        Column(_("Standing"), 1.7),
        Column(_("Distance covered"), 1.35, is_number=True),
    ]
    rows = [_promise(writer, each, is_many=is_many) for each in standings]
    writer.table("", columns, rows, _("Promises"))


def _promise(writer: Writer, each: Standing, *, is_many: bool) -> list[Cell]:
    kpi, indicator = each.kpi, each.kpi.indicator
    held = in_force(kpi.targets.all(), each.computed_at.date())
    target = say(f"{stated(held[-1], kpi)} ({held[-1].period})") if held else missing(_("not stated"))
    actual = figure(
        each.actual, indicator.decimals, unit=indicator.unit.symbol, period=each.year, why=_("no figure"),
        notes=[cite_source(writer, each.series.source)] if each.series else (),
    )  # fmt: skip
    place = [say(each.territory.name)] if is_many else []
    judged = standing(each.standing, WORDS[each.standing], reason_in_words(each.reason))
    return [*place, say(kpi.name), target, actual, judged, share(each.distance)]


def _write_indicators(writer: Writer, territories: Sequence[int], *, is_many: bool) -> None:
    """The latest published figure of every series of the territories; two queries."""
    latest = (
        Observation.objects.filter(series__territory__in=territories, value__isnull=False)
        .order_by("series_id", "-period_start")
        .distinct("series_id")
        .select_related("series__territory", "series__indicator__unit", "series__source", "series__breakdown")
        .prefetch_related("series__breakdown__categories")
    )
    found = sorted(
        latest, key=lambda each: (each.series.indicator.name, each.series.territory.name, each.series_id)
    )
    columns = [
        *([Column(_("Town"), 1.5)] if is_many else []),
        Column(_("Indicator"), 3.2),
        Column(_("Breakdown"), 2),
        Column(_("Latest figure"), 1.8, is_number=True),
    ]
    rows = [
        [
            *([say(each.series.territory.name)] if is_many else []),
            say(each.series.indicator.name),
            say(each.series.breakdown.label),
            figure(
                each.value, each.series.indicator.decimals, unit=each.series.indicator.unit.symbol,
                period=period(each.period), notes=[cite_source(writer, each.series.source)],
            ),
        ]
        for each in found
    ]  # fmt: skip
    writer.table("", columns, rows, _("Indicators"))


def _write_method(writer: Writer) -> None:
    writer.heading(_("Method"))
    writer.text(f"{_policy()}. {labels.POLICY_WORDS[POLICY.code]}")
    writer.text(
        _("The annex does not say how its criteria combine: a policy says it. What is unknown stays unknown.")
    )
