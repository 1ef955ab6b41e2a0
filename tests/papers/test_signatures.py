"""Electronic signatures of papers: whose hold, whose are refused, and who may attach them."""

import datetime as dt
import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from papers.models import Paper, PaperFile, PaperSignature
from papers.services import signing
from papers.signatures import SignatureError, State, read, roots_in

FILE = b"%PDF-1.7 a report" * 5_000
DETACHED = (PKCS7Options.DetachedSignature, PKCS7Options.Binary)
NUMBER = "IIN000000000000"
KAZAKH_GOST = "1.2.398.3.10.1.3.3"


class Holder(NamedTuple):
    """Somebody with a certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def holder(name: str, issuer: Holder | None = None, *, days: int = 30, key: Any = None) -> Holder:
    """Of a certificate by the issuer; of a root's without one."""
    key = key or rsa.generate_private_key(65537, 2048)
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    if issuer:
        said = {NameOID.COMMON_NAME: name, NameOID.ORGANIZATION_NAME: "Akimat", NameOID.SERIAL_NUMBER: NUMBER}
        named = x509.Name([x509.NameAttribute(kind, text) for kind, text in said.items()])
    now, is_root = dt.datetime.now(dt.UTC), issuer is None
    built = (
        x509.CertificateBuilder(issuer.certificate.subject if issuer else named, named, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(is_root, None), critical=True)
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, is_root, is_root, False, False),
            critical=True,
        )
    )
    return Holder(built.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def signed(
    by: Holder, content: bytes = FILE, options: Any = DETACHED, form: Encoding = Encoding.DER
) -> bytes:
    """The signature of the content."""
    builder = PKCS7SignatureBuilder().set_data(content).add_signer(by.certificate, by.key, hashes.SHA256())
    return builder.sign(form, list(options))


def roots(folder: Path, *holders: Holder) -> Path:
    """A folder with their certificates."""
    for number, each in enumerate(holders):
        (folder / f"{number}.pem").write_bytes(each.certificate.public_bytes(Encoding.PEM))
    return folder


def by_gost(signature: bytes) -> bytes:
    """The same as if it were made by Kazakhstan's GOST: another object identifier."""
    message = cms.ContentInfo.load(signature)
    [signer] = message["content"]["signer_infos"]
    signer["digest_algorithm"] = cms.DigestAlgorithm({"algorithm": KAZAKH_GOST})
    return bytes(message.dump(force=True))


ROOT = holder("Root of a test")
SIGNER = holder("Сәуле Қол қоюшы", ROOT)
STRANGER = holder("Stranger", holder("Root of nobody"))
EXPIRED = holder("Expired", ROOT, days=-1)
ON_A_CURVE = holder("Curve", ROOT, key=ec.generate_private_key(ec.SECP256R1()))


@pytest.mark.parametrize(
    ("signature", "state"),
    [
        (signed(SIGNER), State.VALID),
        (signed(SIGNER, form=Encoding.PEM), State.VALID),
        (signed(SIGNER, options=(*DETACHED, PKCS7Options.NoAttributes)), State.VALID),
        (signed(ON_A_CURVE), State.VALID),
        (signed(STRANGER), State.UNTRUSTED),
        (signed(EXPIRED), State.UNTRUSTED),
        (by_gost(signed(SIGNER)), State.UNSUPPORTED),
    ],
    ids=["valid", "PEM", "without time", "elliptic curve", "another root", "expired", "GOST"],
)
def test_what_is_found_of_a_signature_of_the_file(signature: bytes, state: State, tmp_path: Path) -> None:
    found = read(BytesIO(FILE), signature, roots_in(roots(tmp_path, ROOT)))
    assert found.state == state
    assert found.is_gost is (state is State.UNSUPPORTED)


def test_it_tells_whose_it_is(tmp_path: Path) -> None:
    found = read(BytesIO(FILE), signed(SIGNER), roots_in(roots(tmp_path, ROOT)))
    assert (found.signer, found.issuer) == ("Сәуле Қол қоюшы, Akimat", "Root of a test")
    assert int(found.serial, 16) == SIGNER.certificate.serial_number
    assert found.signed_at is not None


def test_without_roots_nobody_is_trusted() -> None:
    assert read(BytesIO(FILE), signed(SIGNER), []).state is State.UNTRUSTED


WHOLE = signed(SIGNER)
TWICE = (
    PKCS7SignatureBuilder()
    .set_data(FILE)
    .add_signer(SIGNER.certificate, SIGNER.key, hashes.SHA256())
    .add_signer(STRANGER.certificate, STRANGER.key, hashes.SHA256())
    .sign(Encoding.DER, list(DETACHED))
)
FORGED = WHOLE[:-20] + bytes(20)
REFUSED = {
    "of_another_file": signed(SIGNER, b"another file"),
    "broken": FORGED,
    "broken by a NUL": signed(holder("Сәуле\0 Another", ROOT)),
    "not_detached": signed(SIGNER, options=[PKCS7Options.Binary]),
    "not_one_signer": TWICE,
    "no_certificate": signed(SIGNER, options=(*DETACHED, PKCS7Options.NoCerts)),
}
NO_CMS = [b"", b"x", FILE, WHOLE[:500], b"-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n", b"0\x80" * 50_000,
          SIGNER.certificate.public_bytes(Encoding.DER), WHOLE + b"x"]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "signature"),
    [*REFUSED.items(), *(("no_cms", each) for each in NO_CMS)],
)
def test_what_is_no_signature_of_the_file_is_refused(code: str, signature: bytes) -> None:
    with pytest.raises(SignatureError) as refused:
        read(BytesIO(FILE), signature, [])
    assert refused.value.code == code.partition(" ")[0]


def test_a_root_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "nca.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(ValueError, match=r"nca\.pem"):
        roots_in(tmp_path)


# --- The page ------------------------------------------------------------------------------------------


@pytest.fixture
def file(paper: Paper, settings: Any, tmp_path: Path) -> PaperFile:
    """A file of a paper that is ready; signatures lead to the test's root."""
    settings.SIGNATURE_ROOTS = str(roots(tmp_path, ROOT))
    Paper.objects.filter(pk=paper.pk).update(
        state="ready", percent=100, finished_at=dt.datetime.now(dt.UTC), figures_on="2026-01-01", contents={}
    )
    made = PaperFile(paper=paper, format="pdf", size=len(FILE), sha256=hashlib.sha256(FILE).hexdigest())
    made.file.save("report.pdf", ContentFile(FILE), save=False)
    made.save()
    return made


def send(client: Client, file: PaperFile, signature: bytes) -> Any:
    """Attaches it on the page."""
    content = SimpleUploadedFile("report.p7s", signature)
    address = reverse("papers:paper-sign", args=[file.paper_id])
    return client.post(address, {"file": "pdf", "signature": content}, follow=True)


@pytest.mark.django_db
def test_an_approver_attaches_a_signature_that_all_see_and_those_with_a_mandate_fetch(
    client_of: Callable[[str], Client], file: PaperFile
) -> None:
    shown = send(client_of("approver"), file, WHOLE).content.decode()
    assert "Сәуле Қол қоюшы" in shown
    kept = PaperSignature.objects.get()
    assert (kept.state, bytes(kept.content)) == ("valid", WHOLE)
    assert AuditEvent.objects.filter(action="paper.signed", subject=f"paper:{file.paper_id}").count() == 1
    address = reverse("papers:paper-signature", args=[file.paper_id, kept.pk])
    assert client_of("deputy").get(address).content == WHOLE
    assert Client().get(address).status_code == 302
    public = Client().get(reverse("papers:paper-detail", args=[file.paper_id])).content.decode()
    assert "Сәуле Қол қоюшы" in public
    assert NUMBER not in public
    assert address not in public
    send(client_of("approver"), file, WHOLE)
    assert PaperSignature.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("signature", "words"),
    [
        (by_gost(WHOLE), f"GOST algorithm ({KAZAKH_GOST})"),
        (signed(STRANGER), "The file is as it was signed."),
    ],
)
def test_the_page_says_what_it_could_not_check(
    client_of: Callable[[str], Client], file: PaperFile, signature: bytes, words: str
) -> None:
    send(client_of("approver"), file, signature)
    page = Client().get(f"/en/papers/{file.paper_id}/").content.decode()
    assert words in " ".join(page.split())


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "signature"), [*REFUSED.items(), ("no_cms", b"x")])
def test_the_page_refuses_with_a_cure_and_keeps_nothing(
    client_of: Callable[[str], Client], file: PaperFile, code: str, signature: bytes
) -> None:
    page = send(client_of("approver"), file, signature).content.decode()
    assert "field-error" in page
    assert not PaperSignature.objects.exists()


@pytest.mark.django_db
def test_a_file_in_place_of_a_signature_is_not_read(
    client_of: Callable[[str], Client], file: PaperFile, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    class Watched(TemporaryUploadedFile):
        """An upload that notes how much of it is read at once."""

        def read(self, size: int = -1) -> bytes:
            asked.append(size)
            return bytes(super().read(size))

    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", Watched)
    page = send(client_of("approver"), file, b"0" * (signing.MOST_BYTES + 1)).content.decode()
    assert "256" in page
    assert asked == [signing.MOST_BYTES + 1]
    assert not PaperSignature.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "status"),
    [("coordinator", 200), ("administrator", 200), ("analyst", 403), ("deputy", 403), ("anonymous", 302)],
)
def test_only_some_may_sign(
    client_of: Callable[[str], Client], file: PaperFile, name: str, status: int
) -> None:
    address = reverse("papers:paper-sign", args=[file.paper_id])
    assert client_of(name).get(address).status_code == status
    page = client_of(name).get(reverse("papers:paper-detail", args=[file.paper_id])).content.decode()
    assert (address in page) is (status == 200)
