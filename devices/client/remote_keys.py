"""The host's side of remote key loading: a key for a PIN pad that nobody has to visit.

By signatures of two parties: the maker's signature issuer vouches for the pad to the host and for the host to the pad.
"""

import base64
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from common.errors import ServiceError
from devices.xfs import rsa
from devices.xfs.envelope import Payload

HOST_KEY = "HOST"
CRYPT_KEY = "_EPPCryptKey"
ISSUER = "_SigIssuerVendor"
TIMEOUT_S = 30.0


class Commands(Protocol):
    """A service with the KeyManagement interface: a connection, or a link of a machine."""

    async def command(self, name: str, payload: Payload | None = None, *, timeout_s: float = 60.0) -> Payload: ...


@dataclass(frozen=True, slots=True)
class KeyHost:
    """Who sends keys: its own key pair, the issuer's signature of the public half, and whom it trusts as issuer."""

    private: RSAPrivateKey
    vouched: bytes
    issuer: RSAPublicKey


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the pad said: its number, and the check value (hex) of the key that it has now."""

    pad: str
    check_value: str


def _data(said: Payload, name: str) -> bytes:
    """Raises ``device.key_pad_untrusted`` for what is no Base64 (RFC 4648); nothing where nothing was said."""
    try:
        return base64.b64decode(str(said.get(name, "")), validate=True)
    except ValueError as error:
        raise ServiceError("device.key_pad_untrusted", item=name) from error


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def _vouched_item(pad: Commands, host: KeyHost, item: str) -> bytes:
    """The pad's public key or number, with the issuer's signature checked."""
    wanted = {"exportItemType": item} | ({"name": CRYPT_KEY} if item == "publicKey" else {})
    said = await pad.command("KeyManagement.ExportRSAIssuerSignedItem", wanted, timeout_s=TIMEOUT_S)
    value, method = _data(said, "value"), str(said.get("rsaSignatureAlgorithm", "na"))
    if method not in rsa.SIGNATURES or not rsa.verified(host.issuer, _data(said, "signature"), value, method):
        raise ServiceError("device.key_pad_untrusted", item=item)
    return value


async def load_key(pad: Commands, host: KeyHost, name: str, secret: bytes, *, usage: str, algorithm: str) -> Loaded:
    """Bring a key for decrypting others, or for whatever ``usage`` (TR-31) says, into the pad.

    Raises:
        ServiceError: ``device.key_pad_untrusted``, the issuer does not vouch for this pad, and no key was sent; or it
            says what nobody can read (``item``).
        DeviceError: the pad refused the host or the key.
    """
    public = rsa.read_public(await _vouched_item(pad, host, "publicKey"))
    number = await _vouched_item(pad, host, "deviceId")
    if public is None:
        raise ServiceError("device.key_pad_untrusted", item="publicKey")
    signed = {"cryptoMethod": "rsassaPss", "hashAlgorithm": "sha256"}
    host_key = {
        "key": HOST_KEY,
        "keyAttributes": {"keyUsage": "S0", "algorithm": "R", "modeOfUse": "V"},
        "value": _text(rsa.public_der(host.private.public_key())),
        "verifyKey": ISSUER,
        "verificationData": _text(host.vouched),
        "verifyAttributes": signed,
    }
    await pad.command("KeyManagement.ImportKey", host_key, timeout_s=TIMEOUT_S)
    started = await pad.command("KeyManagement.StartKeyExchange", timeout_s=TIMEOUT_S)
    value = _data(started, "randomItem") + rsa.encrypt(public, secret)
    key = {
        "key": name,
        "keyAttributes": {"keyUsage": usage, "algorithm": algorithm, "modeOfUse": "D" if usage[0] == "K" else "E"},
        "value": _text(value),
        "decryptKey": CRYPT_KEY,
        "decryptMethod": "rsaesOaep",
        "verifyKey": HOST_KEY,
        "verificationData": _text(rsa.sign(host.private, value)),
        "verifyAttributes": signed,
    }
    done = await pad.command("KeyManagement.ImportKey", key, timeout_s=TIMEOUT_S)
    return Loaded(number.decode("ascii", "replace"), _data(done, "verificationData").hex().upper())
