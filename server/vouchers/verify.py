"""Checks a sealed voucher with nothing but the file and the bank's certificate: no database, no network.

A seal is good only when all of this holds: exactly one signature; it covers every byte of the file; it is
mathematically right; it forbids changes and there are none; its certificate leads to the bank's; the file
carries a verification code; and the signature's own container, the one place a signature cannot cover, is
exactly in the form our sealer writes (:mod:`server.vouchers.container`).
"""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from common.clock import Clock
from common.errors import UserError
from server.vouchers.container import is_canonical
from server.vouchers.properties import read_properties

log = logging.getLogger(__name__)

MAX_BYTES = 25 * 1024 * 1024


class Verdict(StrEnum):
    """What came out."""

    VALID = "valid"
    INVALID = "invalid"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The answer, with everything it rests on.

    Attributes:
        intact: every signed byte is as it was and the signature is right.
        trusted: the seal's certificate leads to one of the trust anchors and is in force now.
        covers_whole_file: nothing lies before, between or after what was signed.
        code, digest: verification code and voucher digest the file states; only worth something when ``ok``.
        findings: stable codes of what is wrong, gravest first; empty exactly when ``ok``.
    """

    verdict: Verdict
    signed_by: str | None = None
    signed_at: datetime | None = None
    intact: bool = False
    trusted: bool = False
    covers_whole_file: bool = False
    code: str | None = None
    digest: str | None = None
    findings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the voucher is genuine and unchanged."""
        return self.verdict is Verdict.VALID


def verify_pdf(source: Path | bytes, trust_anchors: Sequence[Path], clock: Clock) -> VerificationResult:
    """Check a file. Whatever it holds, the answer is a result; it takes a worker thread, never an event loop's.

    Raises:
        UserError: ``voucher.bad_anchor`` with ``file`` when a trust anchor is no certificate.
    """
    roots = [_anchor(path) for path in trust_anchors]
    try:
        data = source if isinstance(source, bytes) else _read(source)
    except OSError:
        return _unreadable("voucher.unreadable")
    if len(data) > MAX_BYTES:
        return _unreadable("voucher.too_large")
    if not data.startswith(b"%PDF-"):
        return _unreadable("voucher.not_a_pdf")
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, moment=clock.now(), revocation_mode="soft-fail"
    )
    try:
        with _quiet():
            return _judge(data, context, bool(roots))
    except Exception as error:  # noqa: BLE001 - parsers of files from strangers fail in every way there is
        log.info("voucher could not be parsed", extra={"kind": type(error).__name__})
        if b"/ByteRange" in data:
            return VerificationResult(Verdict.INVALID, findings=("voucher.altered",))
        return _unreadable("voucher.damaged")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from logging what the result says anyway (a stranger's certificate, a broken structure)."""

    def drop(record: logging.LogRecord) -> bool:
        return record.levelno >= logging.CRITICAL

    loggers = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict) if name.startswith("pyhanko")]
    for logger in loggers:
        logger.addFilter(drop)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(drop)


def _anchor(path: Path) -> object:
    try:
        return load_cert_from_pemder(str(path))  # type: ignore[no-untyped-call]
    except (OSError, ValueError, IndexError, TypeError):
        raise UserError("voucher.bad_anchor", file=path.name) from None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _unreadable(finding: str) -> VerificationResult:
    return VerificationResult(Verdict.UNREADABLE, findings=(finding,))


def _judge(data: bytes, context: ValidationContext, anchored: bool) -> VerificationResult:
    reader = PdfFileReader(io.BytesIO(data))
    signatures = list(reader.embedded_regular_signatures)
    if not signatures:
        return VerificationResult(Verdict.INVALID, findings=("voucher.unsigned",))
    signature = signatures[0]
    # Nothing may follow the seal at all, so there is no later revision whose differences could be forgiven.
    status = validate_pdf_signature(signature, signer_validation_context=context, skip_diff=True)
    intact = status.intact and status.valid and is_canonical(data, signature)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    code, digest = _properties(reader)
    only = len(signatures) == 1 and not reader.embedded_timestamp_signatures
    checks = {
        "voucher.altered": intact,
        "voucher.changed_after_seal": whole and only,
        "voucher.not_certified": signature.docmdp_level == MDPPerm.NO_CHANGES,
        "voucher.no_anchor": anchored,
        "voucher.untrusted": status.trusted or not (anchored and intact),
        "voucher.refused": status.bottom_line or not (intact and whole and status.trusted),
        "voucher.not_a_voucher": code is not None,
    }
    findings = tuple(finding for finding, holds in checks.items() if not holds)
    return VerificationResult(
        verdict=Verdict.INVALID if findings else Verdict.VALID,
        signed_by=_signer(status),
        signed_at=_signed_at(signature),
        intact=intact,
        trusted=status.trusted,
        covers_whole_file=whole,
        code=code,
        digest=digest,
        findings=findings,
    )


def _properties(reader: PdfFileReader) -> tuple[str | None, str | None]:
    """Code and digest as the voucher's own properties state them; under the signature like every other byte."""
    if "/Metadata" not in reader.root:
        return None, None
    packet: bytes = reader.root["/Metadata"].data
    return read_properties(packet.decode("utf-8", errors="replace")) or (None, None)


def _signer(status: PdfSignatureStatus) -> str:
    return str(status.signing_cert.subject.native.get("common_name", ""))


def _signed_at(signature: EmbeddedPdfSignature) -> datetime | None:
    moment: datetime | None = signature.self_reported_timestamp
    return moment
