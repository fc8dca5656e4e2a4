"""Windows and server over real TLS on loopback: believed, or not connected."""

import json
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from common.errors import AppError, ServiceError, UserError
from common.settings import ServerSettings, Settings
from common.tls import trusting
from server import seal_cli
from server.edge.serving import Certificate, certificate_of
from tests.fakes.services import PASSWORD
from tests.server.edge.harness import Bank, Server
from ui.kit.client import ApiClient, Patience
from ui.kit.signalling_client import SignallingClient

SOON = Patience(0.01, 0.02, 0.05)


def write_certificate(folder: Path, name: str) -> Certificate:
    """A certificate for 127.0.0.1 that is its own authority."""
    key, who = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    found = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    found.chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    found.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return write_certificate(tmp_path_factory.mktemp("tls"), "server")


@pytest.fixture(scope="module")
def server(certificate: Certificate) -> Iterator[Server]:
    running = Server(Bank(), certificate=certificate).start()
    yield running
    running.stop()


async def test_rest_and_signalling_stand_over_tls(server: Server, certificate: Certificate) -> None:
    assert server.url.startswith("https://127.0.0.1:")
    tls = trusting(certificate.chain)
    api = ApiClient(server.url, patience=SOON, tls=tls)
    session = await api.sign_on("t-01", PASSWORD)
    line = SignallingClient(server.url.replace("http", "ws", 1) + "/ws/v1", lambda: session.token, tls=tls)
    line.start()
    try:
        await line.wait_standing()
        assert line.welcome is not None
    finally:
        await line.close()
        await api.close()


async def test_a_certificate_of_a_stranger_is_refused_at_once(server: Server, tmp_path: Path) -> None:
    stranger = write_certificate(tmp_path, "stranger")
    for tls in (trusting(stranger.chain), None):
        api = ApiClient(server.url, patience=Patience(whole_s=60), tls=tls)
        with pytest.raises(ServiceError) as refused:
            await api.sign_on("t-01", PASSWORD)
        await api.close()
        assert refused.value.code == "network.not_trusted"


def test_the_command_line_believes_whom_the_settings_name(
    server: Server, certificate: Certificate, tmp_path: Path
) -> None:
    known = tmp_path / "known.json"
    known.write_text(json.dumps({"passwords": {"t-01": PASSWORD}}))
    words = Namespace(seal_command="list", login="t-01", credentials=known)
    with pytest.raises(UserError, match=r"^request.not_found"):  # signed on; this bank has no seals
        seal_cli.run(server.url, certificate.chain, words)
    for trust in (write_certificate(tmp_path, "stranger").chain, None):
        with pytest.raises(ServiceError, match=r"^network.not_trusted"):
            seal_cli.run(server.url, trust, words)


async def test_without_tls_nobody_gets_in(server: Server) -> None:
    api = ApiClient(server.url.replace("https", "http"), patience=SOON)
    with pytest.raises(AppError):
        await api.sign_on("t-01", PASSWORD)
    await api.close()


def test_the_settings_say_what_is_served(certificate: Certificate, tmp_path: Path) -> None:
    given = ServerSettings(tls=True, certificate=certificate.chain, key=certificate.key)
    assert certificate_of(given) == certificate
    assert Settings(server=given).server_url == "https://127.0.0.1:8600"
    assert certificate_of(ServerSettings(certificate=certificate.chain)) is None
    other, locked = write_certificate(tmp_path, "other"), tmp_path / "locked.pem"
    key = serialization.load_pem_private_key(certificate.key.read_bytes(), None)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    locked.write_bytes(key.private_bytes(*form, serialization.BestAvailableEncryption(b"secret")))
    for wrong, code in (
        (ServerSettings(tls=True), "tls.no_certificate"),
        (ServerSettings(tls=True, certificate=tmp_path / "none.pem"), "tls.unreadable"),
        (ServerSettings(tls=True, certificate=certificate.chain, key=other.key), "tls.unreadable"),
        (ServerSettings(tls=True, certificate=certificate.chain, key=locked), "tls.unreadable"),
    ):
        with pytest.raises(UserError) as refused:
            certificate_of(wrong)
        assert refused.value.code == code
    with pytest.raises(UserError):
        trusting(tmp_path / "none.pem")
