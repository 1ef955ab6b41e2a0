"""The pages of methods: their list, monotowns, rules in numbers, employment maps."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import Settings

from cities.models import GroupMembership
from programmes.applied import labels
from programmes.applied.town_evidence import FILE, known_of_towns
from programmes.methods.monotown_criteria import Criterion, Group
from programmes.methods.monotowns import CRITERIA, ENTRY, HIGH, LOW, POLICIES, Outcome
from programmes.methods.programme_rules import Code
from programmes.models import Discrepancy, LegalAct, Measure
from programmes.packages import PackageError
from programmes.plans.due_days import calendar
from tests.programmes.pages.reading import MONOTOWNS, html_of, text_of, words

pytestmark = pytest.mark.django_db

TOWNS = "/en/methods/monotowns/"
RULES = "/en/methods/programme-rules/"
EMPLOYMENT = "/en/methods/employment-map-2023/"
PAGES = [
    "",
    "monotowns/",
    "monotowns/arkalyk/",
    "rural-settlements/",
    "programme-rules/",
    "employment-map-2023/",
]

Queries = Callable[..., Any]


def row_with(html: str, text: str) -> str:
    """The words of the first table row that contains the text, cell after cell."""
    rows = (words(f"<p {row}") for row in html.replace("</t", " </t").split("<tr")[1:])
    return next(row for row in rows if text in row)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_in_its_language_without_inline_styles_or_scripts(
    client: Client, page: str, language: str
) -> None:
    html = html_of(client, f"/{language}/methods/{page}")
    assert f'<html lang="{language}">' in html
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert "<h1>" in html


@pytest.mark.parametrize(
    ("page", "budget"),
    [
        ("", 1),
        ("monotowns/", 8),
        ("monotowns/arkalyk/", 9),
        ("programme-rules/", 12),
        ("employment-map-2023/", 26),
    ],
)
def test_pages_keep_to_their_budget_of_queries(
    client: Client, django_assert_max_num_queries: Queries, page: str, budget: int
) -> None:
    with django_assert_max_num_queries(budget):
        client.get(f"/en/methods/{page}")


def test_the_list_leads_to_every_method(client: Client) -> None:
    html = html_of(client, "/en/methods/")
    for page in PAGES[1:2] + PAGES[3:]:
        assert f'href="/en/methods/{page}"' in html


class TestLabels:
    def test_every_code_of_the_monotowns_has_words(self) -> None:
        def groups(node: Criterion | Group) -> list[str]:
            parts = node.parts if isinstance(node, Group) else ()
            own = [node.code] if isinstance(node, Group) else []
            return own + [code for part in parts for code in groups(part)]

        lists = {"entry": "", **labels.ITEMS, **labels.PARTS}
        assert set(labels.CRITERIA) == set(CRITERIA)
        assert {code for node in (ENTRY, *HIGH, *LOW) for code in groups(node)} == set(lists)
        assert [policy.code for policy in POLICIES] == list(labels.POLICIES) == list(labels.POLICY_WORDS)
        assert set(labels.OUTCOMES) == set(Outcome)

    def test_what_a_loan_breaks_has_words_and_a_unit(self) -> None:
        terms = {Code.AMOUNT, Code.MONTHS, Code.GRACE, Code.RATE, Code.OTHER_RATE}
        assert set(labels.LOAN_TERMS) == set(labels.LOAN_UNITS) == terms


class TestEvidence:
    def test_it_is_what_the_package_holds_with_notes_in_the_readers_language(self) -> None:
        with override("kk"):
            tekeli = known_of_towns()["tekeli"]
        assert tekeli["population"].value == 28_656
        assert tekeli["enterprise_idle"].answer is True
        assert tekeli["enterprise_idle"].reason.startswith("Қала құраушы")

    def test_it_is_read_again_when_the_file_changes(self, settings: Settings, tmp_path: Path) -> None:
        file = tmp_path / FILE
        file.parent.mkdir(parents=True)
        shutil.copytree(settings.DATA_DIR / "schema", tmp_path / "schema")
        text = "- territory: tekeli\n  evidence:\n  - criterion: population\n    value: {}\n    cite: {}\n"
        settings.DATA_DIR = tmp_path
        for value in (1, 2):
            file.write_text(text.format(value, '{document: "001", section: "3", lines: [1]}'), "utf-8")
            assert known_of_towns()["tekeli"]["population"].value == value

    def test_it_must_be_as_its_schema_says(self, settings: Settings, tmp_path: Path) -> None:
        file = tmp_path / FILE
        file.parent.mkdir(parents=True)
        shutil.copytree(settings.DATA_DIR / "schema", tmp_path / "schema")
        file.write_text("- territory: tekeli\n", "utf-8")
        settings.DATA_DIR = tmp_path
        with pytest.raises(PackageError, match="evidence"):
            known_of_towns()


class TestMonotowns:
    def test_every_town_stands_beside_its_official_class(self, client: Client) -> None:
        html = html_of(client, TOWNS)
        members = GroupMembership.objects.filter(group__code="monotowns-2012").select_related("territory")
        assert len(members) == 27
        for member in members:
            assert f'href="{TOWNS}{member.territory.code}/"' in html
            row = row_with(html, f" {member.territory.name_en} ")
            assert f"{member.territory.name_en} {member.get_official_class_display()}" in row

    def test_policies_are_counted(self, client: Client) -> None:
        html = html_of(client, TOWNS)
        counts = re.compile(r"(\d+) (\d+) (\d+) (\d+) (\d+) (\d+)")
        found = {
            name: counts.search(row_with(html, name))
            for name in ("One sign", "Most signs", "All signs", "Cautious")
        }
        assert {name: match and match[0] for name, match in found.items()} == {
            "One sign": "0 0 0 2 25 17",
            "Most signs": "0 0 0 0 27 0",
            "All signs": "0 3 0 0 24 0",
            "Cautious": "0 0 6 0 21 15",
        }

    def test_a_computed_class_other_than_the_official_one_is_marked(self, client: Client) -> None:
        html = html_of(client, TOWNS)
        assert "low potential differs" in row_with(html, " Tekeli ")
        assert "conflict differs" in row_with(html, " Aksai ")
        assert "differs" not in row_with(html, " Arkalyk ")

    def test_what_is_unknown_is_counted(self, client: Client) -> None:
        assert "out of 42, that" in text_of(client, TOWNS)
        assert " low potential 31 " in row_with(html_of(client, TOWNS), " Arkalyk ")

    def test_what_the_document_leaves_open_is_told(self, client: Client) -> None:
        text = text_of(client, TOWNS).partition("What the document leaves open")[2]
        assert "would make 17 of the 27 towns low" in text
        assert "neither goes before the other" in text

    def test_criteria_stand_with_their_provisions_and_lines(self, client: Client) -> None:
        text = text_of(client, TOWNS)
        assert "The ore base is not at risk of depletion" in text
        assert "Wear of the power supply > 80 %" in text
        assert "lines 2345–2348" in text


class TestTown:
    def test_what_is_missing_comes_before_the_criteria(self, client: Client) -> None:
        text = text_of(client, f"{TOWNS}khromtau/")
        assert text.index("What is missing") < text.index("Signs of prospects")
        assert "Demand for the product is stable" in text.split("Entry test: is it a monotown?")[0]

    def test_a_criterion_shows_value_limit_answer_and_lines(self, client: Client) -> None:
        row = row_with(html_of(client, f"{TOWNS}aksai/"), "Wear of the power supply")
        assert "yes" in row
        assert "> 80 %" in row
        assert "94 %" in row
        assert "lines 428–429" in row

    def test_a_mean_is_shown_beside_the_value_that_is_compared_with_it(self, client: Client) -> None:
        row = row_with(
            html_of(client, f"{TOWNS}khromtau/"), "Incomes of the population against the oblast mean"
        )
        assert "< oblast mean" in row
        assert "73, the mean being 100" in row

    def test_the_policy_is_chosen_in_the_address(self, client: Client) -> None:
        assert "Class by the policy: One sign conflict" in text_of(client, f"{TOWNS}aksai/")
        html = html_of(client, f"{TOWNS}aksai/?policy=cautious")
        assert "Class by the policy: Cautious undetermined" in words(html)
        assert '<option value="cautious" selected>' in html

    def test_nothing_is_missing_where_the_answers_are_settled(self, client: Client) -> None:
        assert "Nothing: what the document tells" in text_of(client, f"{TOWNS}arkalyk/?policy=cautious")

    @pytest.mark.parametrize("path", ["almaty/", "no-such-town/", "aksai/?policy=strict"])
    def test_other_places_and_policies_are_not_found(self, client: Client, path: str) -> None:
        assert client.get(TOWNS + path).status_code == 404


class TestCalendar:
    def test_next_twelve_months_are_shown_by_default(self, client: Client) -> None:
        today = timezone.localdate()
        days = calendar(today, today + dt.timedelta(days=364))
        count = sum(day.count for day in days)
        noun = "item falls" if count == 1 else "items fall"
        assert f"{count} {noun} due from" in text_of(client, RULES)

    def test_a_past_span_shows_what_was_due_while_the_programme_was_in_force(self, client: Client) -> None:
        text = text_of(client, f"{RULES}?first=2014-01-01&last=2015-12-31")
        assert "31 July 2014" in text
        assert "15 October 2014" in text
        assert "31 July 2015" not in text

    def test_before_it_took_effect_nothing_is_due(self) -> None:
        assert calendar(dt.date(2012, 1, 1), dt.date(2012, 5, 24)) == []

    def test_an_excluded_measure_is_due_until_its_exclusion_takes_effect(self) -> None:
        measure = Measure.objects.get(programme__code=MONOTOWNS, number="1")
        measure.deadline, measure.state = {"type": "yearly"}, "excluded"
        measure.excluded_by = LegalAct.objects.create(
            programme=measure.programme,
            code="exclusion",
            kind="amendment",
            adopted_on=dt.date(2013, 1, 1),
            effective_on=dt.date(2014, 1, 1),
        )
        measure.save()
        days = [
            day.day.year
            for day in calendar(dt.date(2012, 1, 1), dt.date(2020, 12, 31))
            for _programme, due in day.programmes
            if any(each.item == measure for each in due)
        ]
        assert days == [2012, 2013]

    @pytest.mark.parametrize("span", ["first=2014-01-01&last=2013-01-01", "first=2000-01-01&last=2020-01-01"])
    def test_a_span_that_is_upside_down_or_too_long_is_refused(self, client: Client, span: str) -> None:
        text = text_of(client, f"{RULES}?{span}")
        assert "The last day must follow the first by at most five years." in text
        assert "due from" not in text


class TestSumsAndLimits:
    def test_rows_of_the_plan_stand_against_the_printed_totals(self, client: Client) -> None:
        text = text_of(client, RULES)
        for row in (
            "2012 6,000 6,000 0",
            "2013 38,175.4 38,200 −24.6",
            "2014 43,196.7 43,200 −3.3",
            "2015 53,861.5 53,900 −38.5",
        ):
            assert row in text

    def test_limits_are_quoted_from_the_provisions(self, client: Client) -> None:
        text = text_of(client, RULES)
        for words_of_rule in (
            "at least 100 jobs",
            "1–3 anchor investment projects",
            "3,000,000 (three million)",
        ):
            assert words_of_rule in text

    def test_a_loan_that_breaks_limits_is_told_which(self, client: Client) -> None:
        loan = "kind=microcredit&amount=4000000&months=72&grace_months=25&rate=12&set_rate=9.5"
        text = text_of(client, f"{RULES}?{loan}")
        for told in (
            "Sum: 4,000,000 ₸; at most 3,000,000 ₸ is allowed. R-001-CREDIT-MAX",
            "Term: 72 months; at most 60 months is allowed. R-001-CREDIT",
            "Interest rate: 12 % a year; at most 9.5 % a year is allowed. R-001-CREDIT-CAP",
            "Time free of repayment: 25 months; at most 24 months is allowed. R-001-CREDIT-GRACE",
        ):
            assert told in text

    def test_a_loan_within_its_limits_keeps_them(self, client: Client) -> None:
        text = text_of(client, f"{RULES}?kind=auyl&months=84&rate=2,5")
        assert "The loan keeps every limit" in text

    def test_what_is_not_known_of_a_loan_breaks_nothing(self, client: Client) -> None:
        text = text_of(client, f"{RULES}?kind=budget&months=60")
        assert "Interest rate: not stated, so it cannot be checked; it must be exactly 0.01 % a year." in text

    def test_a_rate_that_the_document_does_not_print_is_asked_for(self, client: Client) -> None:
        text = text_of(client, f"{RULES}?kind=other&rate=5")
        assert "The document prints no such rate" in text
        assert "The loan against its limits" not in text

    def test_words_instead_of_a_number_are_refused(self, client: Client) -> None:
        assert "“much” is not a number" in text_of(client, f"{RULES}?kind=auyl&rate=much")
        for number in ("-1", "1e99"):
            assert "Write a number of 0 or more" in text_of(client, f"{RULES}?kind=auyl&rate={number}")


class TestEmploymentMap:
    def test_plan_actual_and_share_of_each_part_are_shown(self, client: Client) -> None:
        html = html_of(client, EMPLOYMENT)
        assert "249 184.7 74.2 %" in row_with(html, "National projects")
        assert "320 157.6 49.3 %" in row_with(html, "Vacancies")
        assert "947.8 536.7 56.6 %" in row_with(html, "Printed total")

    def test_the_number_in_doubt_makes_no_share_of_its_own(self, client: Client) -> None:
        row = row_with(html_of(client, EMPLOYMENT), "“100 jobs per 10,000 inhabitants” initiative")
        assert "342 persons" in row
        assert "194.5 —no figure 56.9 % only if thousands are meant" in row

    def test_totals_are_held_against_their_parts(self, client: Client) -> None:
        html = html_of(client, EMPLOYMENT)
        assert "911 536.8" in row_with(html, "The parts make")
        assert "36.8 −0.1" in row_with(html, "Total less parts")

    def test_the_slip_is_told_with_its_page(self, client: Client) -> None:
        html = html_of(client, EMPLOYMENT)
        slip = Discrepancy.objects.get(name_en="Unit of the plan for the “100 jobs” initiative")
        assert f'href="/en/discrepancies/rural-territories-2023-2027/{slip.code}/"' in html
        assert "“Thousand” seems to be missing" in words(html)

    def test_figures_of_relocation_are_listed(self, client: Client) -> None:
        text = text_of(client, EMPLOYMENT).partition("Figures of relocation")[2]
        for figure in ("1,471", "70 MCI", "10.1 billion ₸", "1,997 persons"):
            assert figure in text
