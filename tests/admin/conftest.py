"""An administrator at the desk, and one small programme with everything that it needs."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Organisation, User
from cities.models import Territory, TerritoryAlias
from common.formats import CSV, JSON, XLSX
from indicators.models import Breakdown, Category, Dimension, Indicator, Source, Unit
from programmes.models import Goal, Kpi, LegalAct, Programme, Target

FORMATS = {"csv": CSV, "xlsx": XLSX, "json": JSON}


def names(text: str) -> dict[str, str]:
    """The same name in every language."""
    return {"name_kk": f"{text} kk", "name_ru": f"{text} ru", "name_en": text}


def csv(*rows: str) -> bytes:
    """A file of these lines."""
    return "\n".join(rows).encode()


@dataclass
class Desk:
    """The import and export pages of a model, as one user works with them."""

    client: Client

    def page(self, model: str, page: str) -> str:
        """Address of a model's page: `page("cities_territory", "import")`."""
        return reverse(f"admin:{model}_{page}")

    def export(self, model: str, form: str = "csv") -> bytes:
        """The file of all rows."""
        answer = self.client.post(self.page(model, "export"), {"format": list(FORMATS).index(form)})
        assert "attachment" in answer["Content-Disposition"]
        return answer.content

    def upload(self, model: str, content: bytes, form: str = "csv") -> Any:
        """The preview, or the problems, of a file."""
        file = SimpleUploadedFile(f"{model}.{form}", content)
        return self.client.post(
            self.page(model, "import"), {"import_file": file, "format": list(FORMATS).index(form)}
        )

    def confirm(self, model: str, preview: Any) -> Any:
        """The list of rows after "confirm" was pressed below a preview."""
        data = preview.context["confirm_form"].initial
        return self.client.post(self.page(model, "process_import"), data, follow=True)

    def load(self, model: str, content: bytes, form: str = "csv") -> Any:
        """Uploads and confirms."""
        return self.confirm(model, self.upload(model, content, form))


def kinds(preview: Any) -> list[str]:
    """What the preview says of each row: new, update, skip."""
    return [row.import_type for row in preview.context["result"].rows]


def problems(answer: Any) -> list[tuple[int | None, str, str]]:
    """Row, column and value of each problem of a file; the page offers nothing to confirm."""
    assert "confirm_form" not in answer.context
    return [(problem.row, problem.column, problem.value) for problem in answer.context["problems"]]


def messages(answer: Any) -> Iterable[str]:
    """What the page tells its reader."""
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def desk(db: None) -> Iterator[Desk]:
    """The desk of an administrator who reads English."""
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    client.force_login(User.objects.create_superuser("desk@example.kz"))
    with translation.override("en"):
        yield Desk(client)


@pytest.fixture
def programme(db: None) -> Programme:
    """A programme with an act, a goal, a KPI and two targets; its texts are hard to write into files."""
    country, _ = Territory.objects.get_or_create(
        code="kazakhstan", defaults={"level": "country", **names("Kazakhstan")}
    )
    city = Territory.objects.create(
        code="sample-city", level="city", parent=country, longitude=Decimal("71.4"), latitude=Decimal("51.1"),
        valid_from=dt.date(1997, 12, 10), **names("Sample; “city”, 'quoted'"),
    )  # fmt: skip
    TerritoryAlias.objects.create(territory=city, language="ru", text='=HYPERLINK("http://example.kz")')
    unit = Unit.objects.create(code="SAMPLE", aliases=["per cent", "100 %"], **names("sample unit"))
    total, _ = Breakdown.objects.get_or_create(code="")
    sex = Dimension.objects.create(code="SAMPLE_SEX", **names("sex"))
    Category.objects.create(dimension=sex, code="F", **names("women"))
    owner = Organisation.objects.create(code="sample-akimat", kind="akimat", **names("akimat"))
    indicator = Indicator.objects.create(
        code="sample-rate", unit=unit, minimum=Decimal("-1.50"), organisation=owner,
        bureau_where={"SEX": ["M", "F"]}, aliases=["rate", "rate, %"],
        definition_en="- one\r\n+ two", **names("rate"),
    )  # fmt: skip
    indicator.dimensions.add(sex)
    source = Source.objects.create(code="sample-source", kind="bureau", **names("source"))
    programme = Programme.objects.create(
        code="sample-programme", short_name_kk="kk", short_name_ru="ru", short_name_en="en", territory=city,
        starts_on=dt.date(2021, 1, 1), ends_on=dt.date(2025, 12, 31), **names("programme"),
    )  # fmt: skip
    act = LegalAct.objects.create(
        programme=programme, code="adoption", kind="adoption", title_kk="kk", title_ru="ru", title_en="en"
    )
    goal = Goal.objects.create(programme=programme, code="1", kind="goal", **names("goal"))
    kpi = Kpi.objects.create(
        programme=programme, goal=goal, code="K-1", indicator=indicator, breakdown=total, territory=city,
        comparator="at_least", form="level", baseline_value=Decimal("0.10"), weight=1.5,
        baseline_start=dt.date(2020, 1, 1), preferred_source=source, **names("KPI"),
    )  # fmt: skip
    exact = Decimal("1234567890.123456789012345")
    Target.objects.create(kpi=kpi, period_start=dt.date(2024, 1, 1), value=exact, act=act)
    Target.objects.create(kpi=kpi, frequency="Q", period_start=dt.date(2024, 7, 1), value=Decimal("-0.5"))
    return programme
