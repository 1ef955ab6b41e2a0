"""What documents prescribe, and deputies' inquiries, from files into tables."""

from programmes.models import Inquiry, Question, Rule, RuleParameter
from programmes.packages.promises import Promise, Register
from programmes.packages.records import Codes, Record
from programmes.packages.storing import Counts, Row, Summary, sync


def store_rules(promise: Promise, register: Register, summary: Summary) -> None:
    """Provisions with their numbers."""
    records = promise.package.rules
    rows = [
        promise.row(
            record,
            order=order,
            kind=record["kind"],
            paragraph=record.get("paragraph", ""),
            **record.texts("text", "name"),
        )
        for order, record in enumerate(records)
    ]
    promise.rules.ids.update(sync(summary.of("Rules"), rows, Rule.objects.filter(programme=promise.pk)))
    promise.cite("rule", promise.rules.ids, records)
    sync(
        summary.of("Parameters"),
        [
            Row(parameter, {
                "rule_id": promise.rules.ids[record["code"]],
                "code": parameter["code"],
                "value": parameter["value"],
                "unit_id": parameter.reference("unit", register.catalogue.units),
            })
            for record in records
            for parameter in record.children("parameters")
        ],
        RuleParameter.objects.filter(rule__programme=promise.pk),
        ("rule_id", "code"),
        removing=True,
    )  # fmt: skip


def store_inquiries(promise: Promise, register: Register, documents: Codes, summary: Summary) -> None:
    """Inquiries with their questions and what they speak of."""
    records = promise.package.inquiries
    rows = [
        promise.row(
            record,
            document_id=record.reference("document", documents),
            number=record["number"],
            date_printed=record.date("date_printed"),
            replied_on=record.date("replied_on"),
            **record.texts("date_note"),
            **record.texts("addressees"),
            **record.texts("topic"),
            **record.texts("replied_by"),
            **record.texts("outcome"),
        )
        for record in records
    ]
    documented = Inquiry.objects.filter(programme=promise.pk, document__isnull=False)
    ids = sync(summary.of("Inquiries"), rows, documented, removing=True)
    promise.cite("inquiry", ids, records)
    questions = [
        Row(question, {
            "inquiry_id": ids[record["code"]],
            "order": order,
            **question.texts("text"),
            **question.texts("answer"),
        })
        for record in records
        for order, question in enumerate(record.children("questions"), start=1)
    ]  # fmt: skip
    key = ("inquiry_id", "order")
    stored = sync(
        summary.of("Questions"),
        questions,
        Question.objects.filter(inquiry__in=documented.all()),
        key,
        removing=True,
    )
    for row in questions:
        pk = stored[tuple(row.values[name] for name in key)]
        promise.cited.append(("question", pk, row.record.child("cite")))
    _link(records, ids, "kpis", "kpi", promise.kpis)
    _link(records, ids, "territories", "territory", register.territories)


def _link(records: list[Record], ids: dict[str, int], name: str, what: str, codes: Codes) -> None:
    """Makes the many-to-many links of the field `name` those that the entries list."""
    links = getattr(Inquiry, name).through
    rows = [
        Row(record, {
            "inquiry_id": ids[record["code"]],
            f"{what}_id": record.look_up(name, code, codes),
        })
        for record in records
        for code in record.get(name, ())
    ]  # fmt: skip
    existing = links.objects.filter(inquiry__in=ids.values())
    sync(Counts(), rows, existing, ("inquiry_id", f"{what}_id"), removing=True)
