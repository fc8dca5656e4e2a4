"""A seal with a time stamp (PAdES B-T): the signer's clock is not the only witness of the time."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from benchmarks.sample_voucher import SEALED_AT, make_voucher
from common.errors import ServiceError
from server.vouchers.fonts import Faces
from server.vouchers.press import VoucherPress
from server.vouchers.verify import verify_pdf
from tests.server.vouchers.conftest import PUBLIC_URL, SEAL, FixedClock

CLOCK = FixedClock()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A time-stamping authority of its own, not the bank's: directory with ``tsa.pem`` and ``tsa.key``."""
    directory = tmp_path_factory.mktemp("tsa")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(SEALED_AT - timedelta(days=1))
        .not_valid_after(SEALED_AT + timedelta(days=3650))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    (directory / "tsa.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "tsa.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return directory


def dummy(authority: Path) -> DummyTimeStamper:
    return DummyTimeStamper(
        load_cert_from_pemder(str(authority / "tsa.pem")),  # type: ignore[no-untyped-call]
        load_private_key_from_pemder(str(authority / "tsa.key"), None),
        fixed_dt=SEALED_AT,
    )


@pytest.fixture(scope="module")
def stamped(authority: Path, data_dir: Path, anchor: Path, faces: Faces) -> bytes:
    press = VoucherPress(data_dir, CLOCK, PUBLIC_URL, faces=faces, timestamper=dummy(authority))
    return press.issue(make_voucher(), SEAL)


def test_it_is_valid_with_both_authorities(stamped: bytes, anchor: Path, authority: Path) -> None:
    assert verify_pdf(stamped, [anchor, authority / "tsa.pem"], CLOCK).ok


def test_a_time_stamp_from_nobody_known_is_refused(stamped: bytes, anchor: Path) -> None:
    result = verify_pdf(stamped, [anchor], CLOCK)
    assert (result.intact, result.trusted, result.findings) == (True, True, ("voucher.refused",))


def test_a_broken_time_stamp_is_found(stamped: bytes, anchor: Path, authority: Path) -> None:
    token = stamped.index(SEALED_AT.strftime("%Y%m%d%H%M%SZ").encode().hex().upper().encode())
    changed = bytearray(stamped)
    changed[token + 7] = ord("7")  # another year
    assert not verify_pdf(bytes(changed), [anchor, authority / "tsa.pem"], CLOCK).ok


class Service:
    """A time-stamping service on loopback; ``say`` decides what it answers."""

    def __init__(self, stamper: DummyTimeStamper) -> None:
        service = self
        self.say: Callable[[Any], tuple[int, str, bytes]] = lambda asked: (
            200, "application/timestamp-reply", stamper.request_tsa_response(asked).dump(),
        )  # fmt: skip

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
                status, kind, body = service.say(asked)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsa"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service(authority: Path) -> Iterator[Service]:
    one = Service(dummy(authority))
    yield one
    one.server.shutdown()
    one.server.server_close()


def test_a_service_over_http_stamps_every_seal(
    service: Service, authority: Path, data_dir: Path, anchor: Path, faces: Faces
) -> None:
    press = VoucherPress(data_dir, CLOCK, PUBLIC_URL, faces=faces, time_service=service.url)
    pdf = press.issue(make_voucher(), SEAL)
    assert verify_pdf(pdf, [anchor, authority / "tsa.pem"], CLOCK).ok
    assert verify_pdf(pdf, [anchor], CLOCK).findings == ("voucher.refused",)


@pytest.mark.parametrize(
    "answer", [(503, "text/plain", b""), (200, "text/html", b"hello"), (200, "application/timestamp-reply", b"0")]
)
def test_without_a_stamp_there_is_no_voucher(
    service: Service, data_dir: Path, faces: Faces, answer: tuple[int, str, bytes]
) -> None:
    service.say = lambda asked: answer
    press = VoucherPress(data_dir, CLOCK, PUBLIC_URL, faces=faces, time_service=service.url)
    with pytest.raises(ServiceError, match=r"^voucher\.no_time$"):
        press.issue(make_voucher(), SEAL)
