"""What Django, django-allauth and django-import-export show is Kazakh: locale/libraries fills their gaps."""

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from accounts.models import User

ENGLISH = re.compile(
    r"\b(Account|Action|Add|Bad Token|Breadcrumbs|Cancel|Change|characters|Clear|Close|Confirm|Current|Delete"
    r"|Email|Enter|Error|Export|File|Filter|finished|Forgot|Forgotten|Format|Go|Hello|History|Hold|Home|Import"
    r"|Log in|Log out|No|None|Objects|Password|Please|preview|Preview|Raw|Recent|Remove|required|Reset|Save"
    r"|Select|selected|Set|Show|Sign|Skip|Skipped|Sorting|Start|Submit|Summary|Thank|This field|Toggle|View"
    r"|We|Welcome|Yes|You|Your)\b"
)
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


class Interface(HTMLParser):
    """Collects what a page says to its reader, leaving out what people typed into it."""

    SILENT = frozenset({"script", "style", "textarea"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silence = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes tooltips, hints and the words on buttons."""
        self._silence = self._silence or (tag if tag in self.SILENT else "")
        spoken = {"title", "placeholder", "aria-label"}
        if dict(attrs).get("type") in {"submit", "button", "reset"}:
            spoken.add("value")
        self.texts += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        """Ends a silence where it began."""
        self._silence = "" if tag == self._silence else self._silence

    def handle_data(self, data: str) -> None:
        """Takes visible text."""
        if data.strip() and not self._silence:
            self.texts.append(" ".join(data.split()))


def english(answer: Any) -> list[str]:
    """The English that a page shows."""
    assert answer.status_code == 200, answer
    return [text for text in Interface(answer.content.decode()).texts if ENGLISH.search(text)]


def addresses(model: type[Model]) -> Iterator[str]:
    """Every page that the administration has for a model and for its last row."""
    start = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.last()
    for page in ("changelist", "add", "import", "export"):
        try:
            yield reverse(f"{start}_{page}")
        except NoReverseMatch:
            continue
    if row is not None:
        yield from (reverse(f"{start}_{page}", args=[row.pk]) for page in ("change", "history", "delete"))


@pytest.fixture(autouse=True)
def _in_kazakh() -> Iterator[None]:
    with translation.override("kk"):
        yield


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_models_administration_is_in_kazakh(model: type[Model], client_of: Callable[[str], Client]) -> None:
    client = client_of("administrator")
    pages = [client.get(reverse("admin:index")), *(client.get(address) for address in addresses(model))]
    shown = [page for page in pages if page.status_code != 403]

    assert len(shown) > 1
    assert [text for page in shown for text in english(page)] == []


@pytest.mark.parametrize("page", ["reset_password_done", "signup", "inactive"])
def test_a_page_without_a_form_is_in_kazakh(page: str, client_of: Callable[[str], Client]) -> None:
    assert english(client_of("anonymous").get(reverse(f"account_{page}"))) == []


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("administrator", "admin:password_change"),
        ("administrator", "admin:cities_territorychange_add"),
        ("administrator", "admin:cities_territory_import"),
        ("administrator", "account_change_password"),
        ("administrator", "account_reauthenticate"),
        ("anonymous", "account_login"),
        ("anonymous", "account_reset_password"),
    ],
)
def test_a_form_and_its_complaints_are_in_kazakh(
    role: str, page: str, client_of: Callable[[str], Client]
) -> None:
    client = client_of(role)

    assert english(client.get(reverse(page))) + english(client.post(reverse(page))) == []


def test_an_import_is_previewed_and_confirmed_in_kazakh(client_of: Callable[[str], Client]) -> None:
    client = client_of("administrator")
    start = "admin:cities_territoryalias"
    rows = client.post(reverse(f"{start}_export"), {"format": 0}).content
    file = SimpleUploadedFile("aliases.csv", rows)
    preview = client.post(reverse(f"{start}_import"), {"import_file": file, "format": 0})
    stored = preview.context["confirm_form"].initial
    done = client.post(reverse(f"{start}_process_import"), stored, follow=True)

    assert list(done.context["messages"])
    assert english(preview) + english(done) == []


def test_a_forgotten_password_is_replaced_in_kazakh(
    user: Callable[[str], User], client_of: Callable[[str], Client]
) -> None:
    client = client_of("anonymous")
    email = user("analyst").email
    sent = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
    [letter] = mail.outbox
    [link] = re.findall(r"https?://\S+/reset/key/\S+", str(letter.body))
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    refused = client.post(address, {"password1": "1234", "password2": "4321"})
    done = client.post(
        address, {"password1": "қиын-сөйлем-туралы-7", "password2": "қиын-сөйлем-туралы-7"}, follow=True
    )
    used = client_of("anonymous").get(link, follow=True)

    assert [text for page in (sent, form, refused, done, used) for text in english(page)] == []
    assert not ENGLISH.search(f"{letter.subject} {letter.body}")
    assert user("analyst").check_password("қиын-сөйлем-туралы-7")


@pytest.mark.parametrize(
    "script", ["calendar.js", "SelectFilter2.js", "admin/DateTimeShortcuts.js", "actions.js"]
)
def test_the_administrations_scripts_find_their_words(
    script: str, client_of: Callable[[str], Client]
) -> None:
    source = Path(str(finders.find(f"admin/js/{script}"))).read_text()
    words = {word for _, word in re.findall(r"""\bn?gettext\(\s*(['"])(.+?)\1""", source)}
    answer = client_of("administrator").get(reverse("admin:jsi18n")).content.decode()

    assert words
    assert {word for word in words if f"{json.dumps(word)}: " not in answer} == set()
