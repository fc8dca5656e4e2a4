"""The bank's own certification authority and its seal: two RSA-3072 keys made at the first start.

``<data_dir>/keys/seal/ca.pem`` is the trust anchor that anybody may have; the two ``.key`` files are private.
Vouchers are kept for thirty years, so the certificates live that long. A bank with a seal certificate of its own
puts certificate and key in place of these.
"""

import errno
import logging
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from common.clock import Clock
from common.errors import ServiceError
from server.keyfiles import KEYS, keys_dir, write_atomically

log = logging.getLogger(__name__)

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""RFC 9336."""

_YEARS = timedelta(days=365 * 30 + 8)
_EARLIER = timedelta(days=1)
"""Certificates are valid from a day before they are made: a verifier's clock may be behind ours."""


@dataclass(frozen=True, slots=True)
class SealFiles:
    """Where the seal's key and certificate and the authority's certificate lie (PEM)."""

    key: Path
    certificate: Path
    authority: Path


def trust_anchor(data_dir: Path) -> Path:
    """The authority's certificate under a data directory; it need not exist."""
    return data_dir / KEYS / "seal" / "ca.pem"


def trust_anchors(data_dir: Path) -> list[Path]:
    """What a seal of this bank may lead to: its authority, and the time-stamping service's, if one was put there."""
    time = trust_anchor(data_dir).with_name("tsa.pem")
    return [trust_anchor(data_dir), *([time] if time.exists() else [])]


def ensure_seal(data_dir: Path, clock: Clock) -> SealFiles:
    """Make authority and seal unless they are there; a crash in between leaves none.

    Raises:
        ServiceError: ``keys.incomplete`` when some of the files are there and some are not: making new ones
            would leave every earlier voucher without its trust anchor.
    """
    directory = keys_dir(data_dir) / "seal"
    if not directory.exists():
        _make(directory, clock.now())
    return existing_seal(data_dir)


def seal_made(data_dir: Path) -> bool:
    """Whether an earlier start made authority and seal."""
    return (data_dir / KEYS / "seal").exists()


def existing_seal(data_dir: Path) -> SealFiles:
    """The files of authority and seal.

    Raises:
        ServiceError: ``keys.incomplete`` when one is missing.
    """
    directory = data_dir / KEYS / "seal"
    files = SealFiles(directory / "seal.key", directory / "seal.pem", trust_anchor(data_dir))
    if not all(path.exists() for path in (files.authority, files.key, files.certificate)):
        raise ServiceError("keys.incomplete", retryable=False, directory=f"{KEYS}/seal")
    return files


def _make(directory: Path, now: datetime) -> None:
    authority_key, seal_key = _key(), _key()
    authority_name = _name("Guitai Demo Bank Seal CA")
    authority = (
        _certificate(authority_name, authority_name, authority_key, authority_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign=False), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    seal = (
        _certificate(_name("示范银行业务专用章 Demo Bank Business Seal"), authority_name, seal_key, authority_key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".new-seal-") as made:
        whole = Path(made) / "seal"
        whole.mkdir(mode=0o700)
        write_atomically(whole / "ca.key", _private(authority_key))
        write_atomically(whole / "seal.key", _private(seal_key))
        write_atomically(whole / "seal.pem", seal.public_bytes(serialization.Encoding.PEM))
        write_atomically(whole / "ca.pem", authority.public_bytes(serialization.Encoding.PEM))
        try:
            whole.rename(directory)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            log.info("another process made the seal first")


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Guitai Demo Bank"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, issuer_key: rsa.RSAPrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + _YEARS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
