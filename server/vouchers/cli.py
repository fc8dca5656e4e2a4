"""``guitai verify VOUCHER.pdf``: the answer in plain words and as an exit status."""

from pathlib import Path

from common.clock import Clock, SystemClock
from common.errors import UserError
from server.vouchers.authority import trust_anchors
from server.vouchers.verify import Verdict, VerificationResult, verify_pdf
from teller.vouchers import grouped_code

EXIT = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNREADABLE: 2}

NO_ANCHOR = "voucher.no_anchor"

SENTENCES = {
    "voucher.unreadable": "the file cannot be read",
    "voucher.too_large": "the file is larger than any voucher (25 MB)",
    "voucher.not_a_pdf": "the file is not a PDF",
    "voucher.damaged": "the file is damaged and carries no seal that could be checked",
    "voucher.unsigned": "the file carries no seal",
    "voucher.altered": "the file was altered after it was sealed",
    "voucher.changed_after_seal": "something was added to the file after it was sealed",
    "voucher.not_certified": "the seal does not forbid later changes, as a voucher's does",
    NO_ANCHOR: "whose seal it is cannot be checked here: name the bank's certificate with --ca FILE",
    "voucher.untrusted": "the seal was not made by the bank whose certificate is known here, or is out of date",
    "voucher.refused": "the seal's certificate may not be used this way",
    "voucher.not_a_voucher": "the file carries no verification code: it is not a voucher",
    "voucher.bad_anchor": "the file given as the bank's certificate is no certificate (PEM or DER)",
}


def verify_command(
    path: Path, data_dir: Path, ca: Path | None = None, *, clock: Clock | None = None
) -> tuple[int, list[str]]:
    """Check one file against ``ca``, or else the certificate of the bank in ``data_dir``.

    Returns:
        Exit status (0 valid, 1 invalid, 2 unreadable, or no certificate to check a seal against) and the lines to
        print.
    """
    own, *more = trust_anchors(data_dir)
    anchors = [ca] if ca is not None else [own, *more] if own.exists() else []
    try:
        result = verify_pdf(path, anchors, clock or SystemClock())
    except UserError as error:
        return EXIT[Verdict.UNREADABLE], [f"{path.name}: {SENTENCES[error.code]}"]
    if result.findings == (NO_ANCHOR,):
        # Nothing is wrong with the paper, something is missing here: it must not be accused.
        return EXIT[Verdict.UNREADABLE], [f"{path.name}: {SENTENCES[NO_ANCHOR]}"]
    return EXIT[result.verdict], _lines(path.name, result)


def _lines(name: str, result: VerificationResult) -> list[str]:
    lines = [f"{name}: {result.verdict.upper()}"]
    lines += [f"  {SENTENCES[finding]} [{finding}]" for finding in result.findings]
    if result.code is not None and result.intact:
        lines.append(f"  verification code  {grouped_code(result.code)}")
    if result.signed_by is not None:
        lines.append(f"  sealed by          {result.signed_by}{'' if result.trusted else ' (not verified)'}")
    if result.signed_at is not None:
        lines.append(f"  sealed at          {result.signed_at.isoformat()}")
    if result.verdict is Verdict.VALID:
        lines.append(f"  voucher digest     {result.digest}")
    return lines
