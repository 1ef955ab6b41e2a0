"""Deputies' inquiries: what is asked, who answers until when, and the figures frozen as of the day."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cities.models import Territory
from common.names import localised
from indicators.fields import FREQUENCIES, FigureField, Status, is_finite
from indicators.models import Breakdown, ObservationRevision, Source
from indicators.periods import Frequency, Period
from indicators.working_days import working_days_late
from programmes.labels import REASONS, STANDINGS
from programmes.models.documents import Document, Programme
from programmes.models.kpis import Kpi


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Inquiries by what still has to be done."""

    def published(self) -> "InquiryQuerySet":
        """Those whose reply everybody may read."""
        return self.filter(state=Inquiry.State.PUBLISHED)

    def open(self) -> "InquiryQuerySet":
        """Those that wait for their reply."""
        return self.exclude(state=Inquiry.State.PUBLISHED)

    def overdue(self, today: dt.date) -> "InquiryQuerySet":
        """Those whose reply is late."""
        return self.open().filter(due_on__lt=today)


def _person(related: str, label: Any) -> "models.ForeignKey[Any, Any]":
    """Somebody who has done something with an inquiry."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name=related,
        verbose_name=label,
    )  # fmt: skip


class Inquiry(models.Model):
    """A deputies' inquiry and the reply to it.

    One that a document holds is known as far as the reply tells. One that was registered here goes its way
    through the states; its words are in `language` alone.
    """

    class State(models.TextChoices):
        REGISTERED = "registered", _("registered")
        ASSIGNED = "assigned", _("assigned")
        DRAFTED = "drafted", _("drafted")
        RETURNED = "returned", _("returned for correction")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("answered")

    class Language(models.TextChoices):
        KAZAKH = "kk", "Қазақша"
        RUSSIAN = "ru", "Русский"

    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="inquiries",
        verbose_name=_("programme"),
    )  # fmt: skip
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="inquiries", verbose_name=_("reply")
    )
    code = models.CharField(_("code"), max_length=64, unique=True)
    number = models.CharField(_("number"), max_length=32)
    date_printed = models.DateField(_("date as printed"), null=True, blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    date_note_kk = models.TextField(_("what the date is of, in Kazakh"), blank=True)
    date_note_ru = models.TextField(_("what the date is of, in Russian"), blank=True)
    date_note_en = models.TextField(_("what the date is of, in English"), blank=True)
    addressees_kk = models.CharField(_("addressed to, in Kazakh"), max_length=300)
    addressees_ru = models.CharField(_("addressed to, in Russian"), max_length=300)
    addressees_en = models.CharField(_("addressed to, in English"), max_length=300)
    topic_kk = models.CharField(_("topic in Kazakh"), max_length=300)
    topic_ru = models.CharField(_("topic in Russian"), max_length=300)
    topic_en = models.CharField(_("topic in English"), max_length=300)
    replied_by_kk = models.CharField(_("replied by, in Kazakh"), max_length=300, blank=True)
    replied_by_ru = models.CharField(_("replied by, in Russian"), max_length=300, blank=True)
    replied_by_en = models.CharField(_("replied by, in English"), max_length=300, blank=True)
    outcome_kk = models.TextField(_("outcome in Kazakh"), blank=True)
    outcome_ru = models.TextField(_("outcome in Russian"), blank=True)
    outcome_en = models.TextField(_("outcome in English"), blank=True)
    kpis = models.ManyToManyField(Kpi, related_name="inquiries", blank=True, verbose_name=_("KPIs"))
    territories = models.ManyToManyField(
        Territory, related_name="inquiries", blank=True, verbose_name=_("territories")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PUBLISHED)
    language = models.CharField(
        _("language of the letter"), max_length=2, choices=Language, default=Language.KAZAKH
    )
    asker = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="inquiries_asked",
        verbose_name=_("asked in the name of"),
    )  # fmt: skip
    addressed_to = models.ManyToManyField(
        Organisation, related_name="inquiries_received", blank=True, verbose_name=_("addressed to")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="inquiries",
        verbose_name=_("who answers"),
    )  # fmt: skip
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("territory")
    )
    due_on = models.DateField(_("to be answered by"), null=True, blank=True)
    registered_by = _person("inquiries_registered", _("registered by"))
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    assignee = _person("inquiries_assigned", _("drafts the reply"))
    drafted_by = _person("+", _("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"), null=True, blank=True)
    approved_by = _person("+", _("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    return_reason = models.CharField(_("reason for returning"), max_length=1000, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputies' inquiry")
        verbose_name_plural = _("deputies' inquiries")
        ordering = [F("date_printed").desc(nulls_last=True), "code"]
        constraints = [
            models.CheckConstraint(
                name="inquiry_comes_from_a_document_or_was_registered",
                condition=Q(document__isnull=False, registered_at=None, state="published")
                | Q(
                    document=None, registered_at__isnull=False, registered_by__isnull=False,
                    date_printed__isnull=False, due_on__isnull=False, asker__isnull=False,
                    organisation__isnull=False, territory__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="inquiry_is_approved_by_another",
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="inquiry_registered_and_answered_was_approved",
                condition=~Q(state__in=["approved", "published"])
                | Q(document__isnull=False)
                | Q(approved_by__isnull=False, drafted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="inquiry_is_due_after_it_is_dated",
                condition=Q(due_on=None) | Q(due_on__gte=F("date_printed")),
            ),
            models.UniqueConstraint(
                "asker", Lower("number"), ExtractYear("date_printed"),
                name="inquiry_number_is_given_once_a_year", condition=Q(document=None),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.topic}"

    @property
    def date_note(self) -> str:
        """What the printed date is the date of, in the reader's language."""
        return localised(self, "date_note")

    @property
    def addressees(self) -> str:
        """Whom the reply addresses, in the reader's language."""
        return localised(self, "addressees")

    @property
    def topic(self) -> str:
        """What it asks about, in the reader's language."""
        return localised(self, "topic")

    @property
    def replied_by(self) -> str:
        """Who signed the reply, in the reader's language."""
        return localised(self, "replied_by")

    @property
    def outcome(self) -> str:
        """What came of it, in the reader's language."""
        return localised(self, "outcome")

    @property
    def is_registered(self) -> bool:
        """Whether it was registered here, rather than read in a document."""
        return self.registered_at is not None

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.state == self.State.PUBLISHED

    @property
    def is_overdue(self) -> bool:
        """Whether its reply is late today."""
        return not self.is_published and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def days_late(self) -> int:
        """By how many working days the reply is late today."""
        return working_days_late(self.due_on, timezone.localdate()) if self.is_overdue and self.due_on else 0


class Question(models.Model):
    """A point of an inquiry and the answer to it."""

    inquiry = models.ForeignKey(
        Inquiry, models.CASCADE, related_name="questions", verbose_name=_("deputies' inquiry")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text_kk = models.TextField(_("question in Kazakh"))
    text_ru = models.TextField(_("question in Russian"))
    text_en = models.TextField(_("question in English"))
    answer_kk = models.TextField(_("answer in Kazakh"), blank=True)
    answer_ru = models.TextField(_("answer in Russian"), blank=True)
    answer_en = models.TextField(_("answer in English"), blank=True)
    answered_by = _person("+", _("answered by"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["inquiry", "order"]
        constraints = [models.UniqueConstraint(fields=["inquiry", "order"], name="question_order_is_unique")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return localised(self, "text")

    @property
    def answer(self) -> str:
        """The answer in the reader's language."""
        return localised(self, "answer")


class FrozenFigure(models.Model):
    """A KPI's figures in a territory as they were known on the day of an inquiry: a copy, never changed.

    `territory` is empty for a group as a whole. Of another breakdown than the KPI's, or of a part of a year,
    there is the figure alone: no target is set for it. `history` holds what the chart draws: a list of
    [year, actual, target, expected]. `revision` is the one that published the figure, the last one where a
    year's is made of several; there is none for a group's.
    """

    inquiry = models.ForeignKey(
        Inquiry, models.PROTECT, related_name="figures", verbose_name=_("deputies' inquiry")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("question")
    )
    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="frozen_figures", verbose_name=_("KPI"))
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("territory")
    )
    breakdown = models.ForeignKey(Breakdown, models.PROTECT, related_name="+", verbose_name=_("breakdown"))
    as_of = models.DateField(_("as known on"))
    frequency = models.CharField(_("frequency"), max_length=1, choices=FREQUENCIES, blank=True)
    period_start = models.DateField(_("period"), null=True, blank=True)
    actual = FigureField(_("actual"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=1, choices=Status, blank=True)
    baseline = FigureField(_("baseline"), null=True, blank=True)
    baseline_year = models.SmallIntegerField(_("baseline year"), null=True, blank=True)
    target = FigureField(_("target"), null=True, blank=True)
    target_max = FigureField(_("upper end of the range"), null=True, blank=True)
    target_year = models.SmallIntegerField(_("year of the target"), null=True, blank=True)
    standing = models.CharField(_("standing"), max_length=20, choices=STANDINGS, blank=True)
    reason = models.CharField(_("reason"), max_length=40, choices=REASONS, blank=True)
    distance = models.FloatField(_("distance covered"), null=True, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    revision = models.ForeignKey(
        ObservationRevision, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("revision"),
    )  # fmt: skip
    history = models.JSONField(_("figures of the chart"), default=list, blank=True)
    frozen_by = _person("+", _("attached by"))
    frozen_at = models.DateTimeField(_("attached at"), auto_now_add=True)

    class Meta:
        verbose_name = _("frozen figure")
        verbose_name_plural = _("frozen figures")
        ordering = ["inquiry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry", "question", "kpi", "territory", "breakdown", "frequency", "period_start"],
                name="figure_is_frozen_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="frozen_figure_has_a_period", condition=Q(actual=None) | Q(period_start__isnull=False)
            ),
            *(
                is_finite(name, f"frozen_{name}_is_finite")
                for name in ("actual", "baseline", "target", "target_max")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.kpi_id} {self.territory_id}: {self.actual}"

    @property
    def period(self) -> Period | None:
        """When the figure was measured."""
        return Period(Frequency(self.frequency), self.period_start) if self.period_start else None
