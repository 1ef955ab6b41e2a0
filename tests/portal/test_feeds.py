"""Atom feeds of what has changed."""

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cities.models import Territory
from portal import happenings
from portal.models import StandingChange
from programmes.models import Kpi

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
NEET = ("almaty-2025", "KPI-7")


def titles(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]


@pytest.fixture
def slipped() -> Kpi:
    kpi = Kpi.objects.get(programme__code=NEET[0], code=NEET[1])
    StandingChange.objects.create(
        kpi=kpi, territory=Territory.objects.get(code="almaty"), before="on_track", after="reversed",
        year=2023, actual=5.2, noted_at=timezone.now(),
    )  # fmt: skip
    return kpi


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("changes-feed", []),
        ("programme-feed", ["almaty-2025"]),
        ("kpi-feed", NEET),
        ("territory-feed", ["almaty"]),
        ("territory-feed", ["kazakhstan"]),
    ],
)
def test_a_promise_that_slipped_is_in_the_feed_of_all_that_it_belongs_to(
    client: Client, slipped: Kpi, name: str, arguments: list[str]
) -> None:
    with override("kk"):
        address = reverse(f"portal:{name}", args=arguments)
    assert f"{slipped.name_kk}: " in "\n".join(titles(client, address))


def test_it_is_not_in_the_feed_of_another(client: Client, slipped: Kpi) -> None:
    assert slipped.name_en not in "\n".join(titles(client, "/en/feeds/programmes/monotowns-2012-2020.atom"))


def test_published_figures_are_in_the_feed_of_a_promise(client: Client) -> None:
    assert any(
        "5.2\u00a0% (2023)" in title
        for title in titles(client, "/en/feeds/programmes/almaty-2025/kpis/KPI-7.atom")
    )


def test_figures_are_in_the_feed_though_many_others_were_published_since(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/en/feeds/programmes/almaty-2025.atom"
    before = titles(client, address)
    monkeypatch.setattr(happenings, "RECENT", 0)
    assert titles(client, address) == before


@pytest.mark.parametrize(
    "address", ["programmes/none", "programmes/almaty-2025/kpis/none", "territories/none"]
)
def test_an_unknown_code_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/en/feeds/{address}.atom").status_code == 404


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_speaks_the_readers_language(client: Client, slipped: Kpi, language: str) -> None:
    name = getattr(slipped, f"name_{language}")
    assert name in "\n".join(titles(client, f"/{language}/feeds/changes.atom"))


def test_home_names_its_feed(client: Client) -> None:
    assert 'type="application/atom+xml"' in client.get("/en/").content.decode()


@pytest.mark.parametrize(
    ("page", "feed", "about"),
    [
        ("programmes/almaty-2025/", "programmes/almaty-2025", "programme=almaty-2025"),
        (
            "programmes/almaty-2025/kpis/KPI-7/",
            "programmes/almaty-2025/kpis/KPI-7",
            "programme=almaty-2025&amp;kpi=KPI-7",
        ),
        ("territories/ridder/", "territories/ridder", "territory=ridder"),
    ],
)
def test_what_can_be_followed_says_how(client: Client, page: str, feed: str, about: str) -> None:
    html = client.get(f"/en/{page}").content.decode()
    assert f'href="/en/feeds/{feed}.atom">' in html.partition("</head>")[0]
    shown = html.partition("<main")[2]
    assert f'href="/en/feeds/{feed}.atom"' in shown
    assert f'href="/en/subscriptions/new/?{about}"' in shown
    assert client.get(f"/en/feeds/{feed}.atom").status_code == 200
    assert client.get(f"/en/subscriptions/new/?{about.replace('&amp;', '&')}").status_code == 200


def test_a_code_of_unusual_letters_leads_to_its_own_letters(client: Client) -> None:
    kpi = Kpi.objects.get(programme__code=NEET[0], code=NEET[1])
    kpi.code = "А&Б 7"
    kpi.save()
    with override("en"):
        page = reverse("programmes:kpi-detail", args=[NEET[0], kpi.code])
    html = client.get(page).content.decode()
    [address] = re.findall(r'href="([^"]*/subscriptions/new/[^"]*)"', html)
    assert kpi.name_en in client.get(unescape(address)).content.decode()
