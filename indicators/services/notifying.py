"""Tells people what concerns them: by mandate, as each prefers, and of each occasion once.

Callers tell in the transaction of what happened: if that is undone, nobody has been told.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.permissions import Action, actions_of, users_at, users_who_may, users_with
from cities.models import Territory
from indicators.models import Notice, NoticePreference, Report, ReportingForm, Upload, WatchedFile
from indicators.periods import Period
from indicators.querysets import NoticeQuerySet

Kind = Notice.Kind
Params = dict[str, object]

# What concerns whom, by what he may do somewhere.
KINDS: dict[Action, tuple[Kind, ...]] = {
    Action.ENTER: (Kind.DUE_SOON, Kind.OVERDUE, Kind.NUDGED, Kind.RETURNED, Kind.APPROVED),
    Action.APPROVE: (Kind.SUBMITTED,),
    Action.ANSWER_INQUIRY: (Kind.INQUIRY_ASSIGNED, Kind.INQUIRY_RETURNED),
    Action.APPROVE_INQUIRY: (Kind.INQUIRY_DRAFTED,),
    Action.REGISTER_INQUIRY: (Kind.INQUIRY_ANSWERED,),
    Action.HOOK: (Kind.HOOK_DISABLED,),
    Action.UPLOAD: (Kind.PREVIEWED, Kind.APPLIED, Kind.FAILED, Kind.LAYOUT_CHANGED, Kind.NOT_REACHED),
}

UPLOAD_KINDS = {
    Upload.State.PREVIEWED: Kind.PREVIEWED,
    Upload.State.APPLIED: Kind.APPLIED,
    Upload.State.FAILED: Kind.FAILED,
}


@dataclass(frozen=True)
class Occasion:
    """Something to be told: its kind and key, what its words are made of, the page it leads to, and the ids
    of those who should know. `params` holds codes; names are looked up when the notice is read."""

    kind: Kind
    key: str
    params: Params
    path: str
    users: Collection[int]


def notify(kind: Kind, *, users: Collection[int], key: str, params: Params, path: str) -> None:
    """Tells the users, by their ids, of one occasion."""
    notify_of([Occasion(kind, key, params, path, users)])


def notify_of(occasions: Iterable[Occasion]) -> None:
    """Tells of many occasions in two queries. Who was told of one is not told again; who wants to hear of a
    kind neither in the portal nor by letter is not told at all."""
    occasions = list(occasions)
    wishes = {
        (user, kind): (in_portal, by_letter)
        for user, kind, in_portal, by_letter in NoticePreference.objects.filter(
            kind__in={each.kind for each in occasions},
            user__in={user for each in occasions for user in each.users},
        ).values_list("user_id", "kind", "in_portal", "by_letter")
    }
    notices = []
    for each in occasions:
        for user in each.users:
            in_portal, by_letter = wishes.get((user, each.kind.value), (True, True))
            if in_portal or by_letter:
                notices.append(
                    Notice(
                        user_id=user, kind=each.kind, key=each.key, params=each.params, path=each.path,
                        in_portal=in_portal, by_letter=by_letter,
                    )
                )  # fmt: skip
    Notice.objects.bulk_create(notices, batch_size=1000, ignore_conflicts=True)


class Wish(NamedTuple):
    """Where somebody wants to hear of a kind of thing."""

    in_portal: bool
    by_letter: bool


def kinds_for(user: User) -> list[Kind]:
    """The kinds of notices that may concern the user."""
    actions = actions_of(user)
    return [kind for action, kinds in KINDS.items() if action in actions for kind in kinds]


def wishes_of(user: User) -> dict[Kind, Wish]:
    """What the user has stated; of everything else he hears in both ways."""
    return {Kind(row.kind): Wish(row.in_portal, row.by_letter) for row in user.notice_preferences.all()}


def prefer(*, user: User, wishes: Mapping[Kind, Wish], language: str) -> None:
    """Keeps how the user wants to be told from now on, and in which language letters are written to him."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(language=language)
        NoticePreference.objects.bulk_create(
            [NoticePreference(user=user, kind=kind, **wish._asdict()) for kind, wish in wishes.items()],
            update_conflicts=True,
            unique_fields=["user", "kind"],
            update_fields=["in_portal", "by_letter"],
        )


def mark_read(notices: NoticeQuerySet) -> None:
    """Marks the unread ones among them as read; no letter is sent of what was read already."""
    with transaction.atomic():
        unread = notices.unread()
        unread.filter(mailed_at=None).update(by_letter=False)
        unread.update(read_at=timezone.now())


def tell_submitted(report: Report) -> None:
    """Tells those who may approve the report that it waits for them; who typed in it may not."""
    users = users_with(Action.APPROVE, report.territory, report.form.organisation).exclude(
        Q(pk=report.submitted_by_id) | Q(pk__in=report.entries.values("changed_by"))
    )
    _tell_of_report(Kind.SUBMITTED, report, _ids(users), str(report.submitted_at))


def tell_returned(report: Report) -> None:
    """Tells those who fill in the report that it came back, and why."""
    moment = str(report.decided_at)
    _tell_of_report(Kind.RETURNED, report, _typists(report), moment, reason=report.return_reason)


def tell_approved(report: Report) -> None:
    """Tells those who fill in the report that its figures are published."""
    _tell_of_report(Kind.APPROVED, report, _typists(report), str(report.decided_at))


def tell_nudged(
    *, form: ReportingForm, period: Period, territories: Collection[Territory], by: User, words: str = ""
) -> int:
    """Asks those who may enter the form's reports of the territories for them, for each at most once a day;
    returns for how many somebody was asked."""
    asked = nudged_today(form, period, territories)
    occasions = [
        Occasion(
            Kind.NUDGED,
            key=_nudge_key(form, territory, period),
            params={**place_params(form, territory, period), "by": str(by), "words": words.strip()},
            path=page("indicators:report-list"),
            users=users,
        )
        for territory, users in _typists_of(form, territories).items()
        if users and territory not in asked
    ]
    notify_of(occasions)
    return len(occasions)


def nudged_today(form: ReportingForm, period: Period, territories: Collection[Territory]) -> set[Territory]:
    """The territories of which somebody was asked for the report today."""
    users = set().union(*_typists_of(form, territories).values())
    keys = {_nudge_key(form, territory, period): territory for territory in territories}
    told = Notice.objects.filter(user__in=users, kind=Kind.NUDGED, key__in=keys)
    return {keys[key] for key in told.values_list("key", flat=True)}


def _nudge_key(form: ReportingForm, territory: Territory, period: Period) -> str:
    return f"{place_key(form, territory, period)}:{timezone.localdate()}"


def _typists_of(form: ReportingForm, territories: Collection[Territory]) -> dict[Territory, set[int]]:
    """The ids of those who may enter the form's reports, by territory."""
    users = users_at(Action.ENTER, [(territory.pk, form.organisation_id) for territory in territories])
    return {territory: users[territory.pk, form.organisation_id] for territory in territories}


def tell_upload(upload: Upload) -> None:
    """Tells who sent the file, and who confirmed it, that it is ready to confirm, published or failed."""
    kind = UPLOAD_KINDS.get(Upload.State(upload.state))
    if kind is None or (kind == Kind.APPLIED and upload.form_id):  # a template only went into drafts
        return
    users = {upload.user_id, upload.confirmed_by_id or upload.user_id}
    params: Params = {"file": upload.file_name}
    if kind == Kind.FAILED:
        params["failure"] = upload.failure
    elif kind == Kind.APPLIED:
        params |= upload.counts.get("published", {})
    key = f"{upload.pk}:{upload.changed_at}"
    notify(kind, users=users, key=key, params=params, path=page("indicators:upload-detail", upload.pk))


def tell_watch(watch: WatchedFile, kind: Kind, upload: Upload | None = None) -> None:
    """Tells for whom the file is watched, and administrators, that its layout has changed (once for each
    content) or that it could not be reached (at most once a week)."""
    year, week, _ = timezone.localdate().isocalendar()
    occasion = watch.sha256 if kind == Kind.LAYOUT_CHANGED else f"{year}-W{week:02}"
    path = page("indicators:upload-detail", upload.pk) if upload else page("indicators:upload-list")
    params: Params = {"address": watch.address}
    users = {watch.user_id, *_ids(users_who_may(Action.ADMINISTER))}
    notify(kind, users=users, key=f"{watch.pk}:{occasion}", params=params, path=path)


def place_key(form: ReportingForm, territory: Territory, period: Period) -> str:
    """What names one report, begun or not."""
    return f"{form.code}:{territory.code}:{period}"


def place_params(form: ReportingForm, territory: Territory, period: Period) -> Params:
    """What the words about one report are made of."""
    return {
        "form": form.code,
        "territory": territory.code,
        "period": str(period),
        "due": form.due_on(period).isoformat(),
    }


def page(name: str, *args: object) -> str:
    """The address of a page without its language: the reader's is put before it when it is shown."""
    with translation.override("kk"):
        return reverse(name, args=args).removeprefix("/kk")


def _tell_of_report(
    kind: Kind, report: Report, users: Collection[int], moment: str, **params: object
) -> None:
    to_review = page("indicators:review-detail", report.pk)
    to_sheet = page("indicators:sheet", report.form.code, report.period)
    notify(
        kind,
        users=users,
        key=f"{report.pk}:{moment}",
        params={**place_params(report.form, report.territory, report.period), **params},
        path=to_review if kind == Kind.SUBMITTED else to_sheet,
    )


def _typists(report: Report) -> set[int]:
    """Those who may enter the report today, and who submitted it; not who has just decided on it."""
    users = _ids(users_with(Action.ENTER, report.territory, report.form.organisation))
    return {*users, *filter(None, [report.submitted_by_id])} - {report.decided_by_id}


def _ids(users: QuerySet[User]) -> set[int]:
    return set(users.values_list("pk", flat=True))
