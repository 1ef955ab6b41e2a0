"""Detached CMS signatures (RFC 5652) of files, as NCALayer makes them: whose they are, and whether they hold.

Pure: bytes in, a finding out. Certificates are followed to the given roots; whether one was revoked is asked
of nobody. What is signed by algorithms that cryptography does not know, Kazakhstan's GOST among them, is not
judged.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from asn1crypto import cms, pem, x509

GOST = ("1.2.398.3.10.", "1.2.643.")
"""Where the algorithms of Kazakhstan's and Russia's GOST stand in the tree of object identifiers."""
KNOWN = {"rsassa_pkcs1v15", "rsassa_pss", "ecdsa", "ed25519", "ed448"}
SUFFIXES = (".pem", ".crt", ".cer", ".der")

# What cannot be followed to a root is told to whoever attaches it; it is no error of the portal's.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


class State(StrEnum):
    """What was found of a signature."""

    VALID = "valid"
    UNTRUSTED = "untrusted"
    UNSUPPORTED = "unsupported"


class SignatureError(Exception):
    """What is no signature of the file; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Signature:
    """A signature that belongs to the file, or of which that cannot be told (`UNSUPPORTED`).

    `signed_at` is the signer's own word. `algorithm` is a name, or an object identifier without one.
    """

    state: State
    signer: str
    issuer: str
    serial: str
    algorithm: str
    signed_at: dt.datetime | None

    @property
    def is_gost(self) -> bool:
        """Whether it is made by a GOST algorithm."""
        return is_gost(self.algorithm)


def is_gost(algorithm: str) -> bool:
    """Whether the object identifier is one of GOST's."""
    return algorithm.startswith(GOST)


def roots_in(folder: Path) -> list[x509.Certificate]:
    """The certificates in a folder, one or several a file, as PEM or DER; `ValueError` names a bad file."""
    found: list[x509.Certificate] = []
    for path in sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES):
        try:
            content = path.read_bytes()
            parts = (
                [der for *_head, der in pem.unarmor(content, multiple=True)]
                if pem.detect(content)
                else [content]
            )
            found += [x509.Certificate.load(part, strict=True) for part in parts]
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from error
    return found


def read(content: IO[bytes], signature: bytes, roots: Sequence[x509.Certificate]) -> Signature:
    """What is to be said of the signature of the content; `SignatureError` where it is none of it.

    Codes: `no_cms`, `not_detached`, `not_one_signer`, `no_certificate`, `of_another_file`, `broken`.
    """
    signed = _signed_data(signature)
    try:
        return _judged(content, signed, roots)
    except SignatureError:
        raise
    except Exception as error:  # nor does a damaged message always raise what it should
        raise SignatureError("broken") from error


def _judged(content: IO[bytes], signed: cms.SignedData, roots: Sequence[x509.Certificate]) -> Signature:
    # Half a second to import and 15 MB, for the few processes that ever check a signature.
    from pyhanko.sign.validation.generic_cms import async_validate_detached_cms  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    [signer], certificate = signed["signer_infos"], _certificate(signed)
    algorithm = _algorithm(signer)
    if algorithm not in KNOWN:
        return _found(State.UNSUPPORTED, certificate, algorithm, _signing_time(signer))
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False)
    checked: Any = _outside(async_validate_detached_cms(content, signed, signer_validation_context=context))
    if not checked.intact:
        raise SignatureError("of_another_file")
    if not checked.valid:
        raise SignatureError("broken")
    state = State.VALID if checked.trusted else State.UNTRUSTED
    return _found(state, certificate, algorithm, checked.signer_reported_dt)


def _outside(judging: Coroutine[Any, Any, Any]) -> Any:
    """The result, from a thread that has no loop of events yet: this one may."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, judging).result()


def _signed_data(signature: bytes) -> cms.SignedData:
    try:
        if pem.detect(signature):
            signature = pem.unarmor(signature)[2]
        info = cms.ContentInfo.load(signature, strict=True)
        if info["content_type"].native != "signed_data":
            raise SignatureError("no_cms")
        signed = info["content"]
        _parse(signed)
    except SignatureError:
        raise
    except Exception as error:  # of what is no message the parsers raise whatever they trip over
        raise SignatureError("no_cms") from error
    if signed["encap_content_info"]["content"].native is not None:
        raise SignatureError("not_detached")
    if len(signed["signer_infos"]) != 1:
        raise SignatureError("not_one_signer")
    return signed


def _parse(signed: cms.SignedData) -> None:
    """All of it, though asn1crypto would wait until it is asked for."""
    signed.native  # noqa: B018


def _certificate(signed: cms.SignedData) -> x509.Certificate:
    """The signer's, which the message brings along."""
    [signer] = signed["signer_infos"]
    named = signer["sid"].chosen
    for choice in signed["certificates"] or ():
        certificate = choice.chosen
        if isinstance(certificate, x509.Certificate) and _is_of(certificate, named):
            return certificate
    raise SignatureError("no_certificate")


def _is_of(certificate: x509.Certificate, named: Any) -> bool:
    if isinstance(named, cms.IssuerAndSerialNumber):
        serial = named["serial_number"].native
        return bool(certificate.issuer == named["issuer"] and certificate.serial_number == serial)
    return bool(certificate.key_identifier == named.native)


def _algorithm(signer: cms.SignerInfo) -> str:
    """The name of the signature's algorithm, or the object identifier of the first one without a name."""
    digest = signer["digest_algorithm"]["algorithm"].native
    if _is_identifier(digest):
        return str(digest)
    algorithm = signer["signature_algorithm"]
    try:
        return str(algorithm.signature_algo)
    except ValueError:
        return str(algorithm["algorithm"].dotted)


def _is_identifier(name: str) -> bool:
    return name[:1].isdigit()


def _signing_time(signer: cms.SignerInfo) -> dt.datetime | None:
    attributes: Iterable[Any] = signer["signed_attrs"] or ()
    for attribute in attributes:
        if attribute["type"].native == "signing_time":
            moment: dt.datetime = attribute["values"][0].native
            return moment
    return None


def _found(
    state: State, certificate: x509.Certificate, algorithm: str, signed_at: dt.datetime | None
) -> Signature:
    return Signature(
        state=state,
        signer=_named(certificate.subject),
        issuer=_named(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        algorithm=algorithm,
        signed_at=signed_at,
    )


def _named(name: x509.Name) -> str:
    """Person and organisation; nothing else that a certificate says, such as a personal number.

    A name with a NUL is none: it is shown as less than it says, and PostgreSQL keeps no such text.
    """
    parts = (name.native.get(part) for part in ("common_name", "organization_name"))
    texts = [", ".join(part) if isinstance(part, list) else part for part in parts if part]
    found = ", ".join(dict.fromkeys(texts))
    if "\0" in found:
        raise SignatureError("broken")
    return found
