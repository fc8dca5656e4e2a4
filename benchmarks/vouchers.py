"""How long a two-page voucher takes to draw and seal, beside a plain page and a bare signature in the same run.

``python -m benchmarks.vouchers [--runs 30] [--json]``. A voucher of sixteen transactions with handwriting, seals, QR
code and watermark is issued again and again by a warm press; in milliseconds at the caller:

- ``voucher``: everything, drawn and sealed; ``limit_ms`` is what was promised;
- ``draw``, ``seal``: the two halves;
- ``plain``: what one cannot do without: a page of text with fpdf2's own font, and pyHanko's simplest signature with a
  key of the same size.
"""

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fpdf import FPDF
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from benchmarks.sample_voucher import make_voucher
from common.clock import SystemClock
from common.commandline import OneLineParser
from server.vouchers.authority import ensure_seal, trust_anchor
from server.vouchers.fonts import system_faces
from server.vouchers.pdf import VoucherRenderer
from server.vouchers.press import VoucherPress
from server.vouchers.raster import count
from server.vouchers.seal_art import SealArt
from server.vouchers.sealing import Sealer
from server.vouchers.verify import verify_pdf
from teller.seals import Place, SealText, seal_for
from teller.vouchers import Voucher, VoucherBlock, VoucherLine, Words

LIMIT_MS = 400.0
_NAMES = (
    ("税收居民身份声明", "Tax-residency self-declaration"), ("客户信息", "Customer record"),
    ("一类户及借记卡", "Class I account with card"), ("二类户", "Class II account"), ("三类户", "Class III account"),
    ("整存整取", "Time deposit, lump sum"), ("现金存入", "Quick cash deposit"), ("转入", "Transfer in"),
    ("手机银行签约", "Mobile banking"), ("网上银行签约", "Online banking"), ("自助转账签约", "ATM transfer"),
    ("短信通知签约", "SMS notice"), ("快捷支付限额", "Quick-payment limit"), ("自助与消费限额", "ATM and POS limit"),
    ("设置密码", "PIN setting"), ("领取优盾", "U-key issue"),
)  # fmt: skip


def sixteen() -> Voucher:
    """A voucher of all sixteen transactions of an account opening: two pages."""
    lines = (
        VoucherLine("账号", "Account", "6222 **** **** 1234"),
        VoucherLine("限额", "Limit", "20,000.00"),
        VoucherLine("手机号", "Phone", "138****5678"),
    )
    blocks = tuple(
        VoucherBlock(Words(zh, en), lines[: 1 + number % 3], "CNY 1,000.00" if number in (5, 6, 7) else "")
        for number, (zh, en) in enumerate(_NAMES)
    )
    return make_voucher(blocks=blocks, scenario_title=Words("个人开户", "Account opening"))


def figures(samples: Sequence[float]) -> dict[str, float]:
    """p50, p95 and the slowest, in milliseconds."""
    ordered = sorted(samples)
    at = min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[at], 1),
        "max_ms": round(ordered[-1], 1),
    }


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def _plain(signer: signers.SimpleSigner) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, 6, "Voucher " * 200)
    writer = IncrementalPdfFileWriter(io.BytesIO(bytes(pdf.output())))
    signed = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name="Signature"), signer)
    data: bytes = signed.getvalue()
    return data


def measure(runs: int, folder: Path) -> dict[str, object]:
    """Everything, in turn within each run, so that a busy moment of the machine meets all alike."""
    clock, voucher = SystemClock(), sixteen()
    seal = seal_for(SealText.VOUCHER, Place.BRANCH, voucher.bank, voucher.branch)
    faces = system_faces()
    press = VoucherPress(folder, clock, "http://127.0.0.1:8600", faces=faces)
    press.warm(seal)
    art = SealArt(faces.seal, faces.regular)
    renderer, sealer = VoucherRenderer(faces, "http://127.0.0.1:8600", art), Sealer(folder, clock, art)
    files = ensure_seal(folder, clock)
    signer = signers.SimpleSigner.load(str(files.key), str(files.certificate))  # type: ignore[no-untyped-call]
    pdf, area = renderer.render(voucher, seal)
    sealed = press.issue(voucher, seal)
    _plain(signer)
    taken: dict[str, list[float]] = {"voucher": [], "draw": [], "seal": [], "plain": []}
    for _ in range(runs):
        taken["voucher"].append(_timed(lambda: press.issue(voucher, seal)))
        taken["draw"].append(_timed(lambda: renderer.render(voucher, seal)))
        taken["seal"].append(_timed(lambda: sealer.seal(pdf, voucher, seal, area)))
        taken["plain"].append(_timed(lambda: _plain(signer)))
    result: dict[str, object] = {name: figures(samples) for name, samples in taken.items()}
    genuine = verify_pdf(sealed, [trust_anchor(folder)], clock).ok
    press.close()
    faces.close()
    about = {"runs": runs, "pages": count(sealed), "bytes": len(sealed), "genuine": genuine, "limit_ms": LIMIT_MS}
    return {**about, **result}


def main(arguments: list[str]) -> int:
    """Exit status 1 when half the vouchers took longer than the limit, or one does not verify."""
    parser = OneLineParser(prog="python -m benchmarks.vouchers", description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guitai-bench-") as folder:
        result = measure(given.runs, Path(folder))
    if given.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:8} {value}")
    voucher = result["voucher"]
    assert isinstance(voucher, dict)
    return 0 if voucher["p50_ms"] < LIMIT_MS and result["genuine"] and result["pages"] == 2 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
