"""A report's grid as a browser sees and sends it."""

from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse

from indicators.models import Report


class Inputs(HTMLParser):
    """What a browser would send from the page: the values of its inputs and the options chosen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes inputs, and of a select the chosen option."""
        told = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._select = told["name"]
            self.values[self._select] = ""
        elif tag == "option" and "selected" in told:
            self.values[self._select] = told["value"]
        elif tag == "input" and "name" in told:
            self.values[told["name"]] = told.get("value", "")


class Grid:
    """One person's page of the report: loaded, typed in, saved."""

    def __init__(self, client: Client, report: Report) -> None:
        self.client, self.report = client, report
        self.page = reverse("indicators:report-detail", args=[report.pk])
        self.load(client.get(self.page).content)

    def load(self, html: bytes) -> None:
        """Takes what the page holds."""
        self.html = html.decode()
        self.values = Inputs(self.html).values

    def name(self, indicator: str, field: str) -> str:
        return f"line-{self.report.form.lines.get(indicator__code=indicator).pk}-{field}"

    def type(self, indicator: str, **texts: str) -> None:
        self.values |= {self.name(indicator, field): text for field, text in texts.items()}

    def shown(self, indicator: str, field: str = "value") -> str:
        return self.values[self.name(indicator, field)]

    def send(self, button: str = "save") -> bool:
        """Presses the button; whether it was taken."""
        response = self.client.post(self.page, {**self.values, button: ""})
        taken = response.status_code == 302
        self.load((self.client.get(self.page) if taken else response).content)
        return taken

    def error(self, indicator: str, field: str = "value") -> str:
        """What is said beside the input; empty when nothing is wrong with it."""
        _, found, rest = self.html.partition(f'id="id_{self.name(indicator, field)}_error">')
        return rest.partition("</p>")[0] if found else ""
