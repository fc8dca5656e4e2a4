"""A seal with a time stamp (PAdES B-T): the signer's clock is not the only witness of the time."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from server.vouchers.fonts import Faces
from server.vouchers.press import VoucherPress
from server.vouchers.verify import verify_pdf
from tests.server.vouchers.conftest import PUBLIC_URL, SEAL, SEALED_AT, FixedClock, make_voucher

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


@pytest.fixture(scope="module")
def stamped(authority: Path, data_dir: Path, anchor: Path, faces: Faces) -> bytes:
    stamper = DummyTimeStamper(
        load_cert_from_pemder(str(authority / "tsa.pem")),  # type: ignore[no-untyped-call]
        load_private_key_from_pemder(str(authority / "tsa.key"), None),
        fixed_dt=SEALED_AT,
    )
    press = VoucherPress(data_dir, CLOCK, PUBLIC_URL, faces=faces, timestamper=stamper)
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
