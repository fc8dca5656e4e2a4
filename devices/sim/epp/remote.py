"""Remote key loading by signatures: the pad and its host learn to trust each other, with no person in between.

The maker's signature issuer has signed the pad's public key and number at manufacture, and signs the host's public key.
The host sends a key encrypted for the pad, together with the random number that the pad gave out for this one exchange,
and signs both.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from devices.sim.epp import rsa_store
from devices.sim.epp.keys import StoredKey
from devices.sim.epp.module import KeyStore
from devices.sim.interface import Handler, Running, integer
from devices.sim.world.base import World
from devices.xfs import rsa
from devices.xfs.codes import CommandFailed, CompletionCode, refused
from devices.xfs.envelope import Payload

ISSUER = "_SigIssuerVendor"
CRYPT_KEY = "_EPPCryptKey"
RANDOM_BYTES = 16
MOST_PAIRS = 4
MOST_HOSTS = 4
_EXPONENTS = ("device", "exponent16")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True, slots=True)
class _Pair:
    """A key pair of the pad; ``use``: rsaPrivate decrypts, rsaPrivateSign signs. ``kept``: as it lies on disk."""

    private: RSAPrivateKey
    use: str
    kept: str

    @property
    def public(self) -> RSAPublicKey:
        return self.private.public_key()


class RemoteKeys:
    """Handlers that :class:`devices.sim.epp.key_management.KeyManagement` offers.

    Args:
        issuer: file of the maker's signature issuer; it is asked once, when the pad's own pair is made.
        kek: what private keys lie under on disk.
    """

    def __init__(self, world: World, keys: KeyStore, issuer: Path, kek: bytes) -> None:
        self._world, self._keys, self._issuer_file, self._kek = world, keys, issuer, kek
        self._pairs: dict[str, _Pair] = {}
        self._hosts: dict[str, RSAPublicKey] = {}
        self._vouched: dict[str, str] = {}  # what the issuer gave at manufacture: its key, signatures, the number
        self._random = b""
        kept = world.remember("pin_pad_rsa", self._dump)
        if kept is not None:
            self._load(kept)

    def commands(self) -> Mapping[str, Handler]:
        """Handlers by command."""
        return {
            "StartKeyExchange": self._start,
            "GenerateRSAKeyPair": self._generate,
            "ExportRSAIssuerSignedItem": self._export_by_issuer,
            "ExportRSADeviceSignedItem": self._export_by_device,
        }

    def _dump(self) -> Any:
        if not self._vouched:
            return None
        pairs = {name: [pair.use, pair.kept] for name, pair in self._pairs.items()}
        hosts = {name: rsa.public_der(key).hex() for name, key in self._hosts.items()}
        return {"pairs": pairs, "hosts": hosts, "vouched": self._vouched}

    def _load(self, kept: Mapping[str, Any]) -> None:
        self._pairs = {
            name: _Pair(rsa_store.opened(text, self._kek), use, text) for name, (use, text) in kept["pairs"].items()
        }
        read = {name: rsa.read_public(bytes.fromhex(text)) for name, text in kept["hosts"].items()}
        self._hosts = {name: key for name, key in read.items() if key is not None}
        self._vouched = dict(kept["vouched"])

    # -- manufacture ---------------------------------------------------------------------------------

    async def _made(self) -> None:
        """Make up for what a real pad brings from its maker: a pair of its own, its number, and both signed."""
        if not self._vouched:
            pair, issuer = await asyncio.to_thread(lambda: (rsa.new_pair(), rsa_store.key_in(self._issuer_file)))
            public = rsa.public_der(pair.public_key())
            number = f"GT-SIM-EPP-{hashlib.sha256(public).hexdigest()[:12].upper()}"
            self._pairs[CRYPT_KEY] = _Pair(pair, "rsaPrivate", rsa_store.sealed(pair, self._kek))
            self._vouched = {
                "issuer": rsa.public_der(issuer.public_key()).hex(),
                "number": number,
                "key_signature": rsa.sign(issuer, public).hex(),
                "number_signature": rsa.sign(issuer, number.encode()).hex(),
            }
            self._world.changed()

    def _verifier(self, name: str) -> RSAPublicKey:
        if name == ISSUER:
            key = rsa.read_public(bytes.fromhex(self._vouched["issuer"]))
            assert key is not None
            return key
        if name not in self._hosts:
            raise refused("keyNotFound", "the key that verifies")
        return self._hosts[name]

    # -- commands ------------------------------------------------------------------------------------

    async def _start(self, _: Running) -> Payload:
        """A random number, good for one exchange."""
        self._random = secrets.token_bytes(RANDOM_BYTES)
        return {"randomItem": _text(self._random)}

    async def _generate(self, running: Running) -> None:
        payload = running.payload
        name, use = payload.get("key", ""), payload.get("use", "")
        if not name or not use:
            raise CommandFailed(CompletionCode.INVALID_DATA, "a name and a use are needed")
        if name in self.names or name in self._keys.all:
            raise refused("duplicateKey")
        if integer(payload, "modulusLength", rsa.BITS) not in (0, rsa.BITS, 3072):
            raise refused("invalidModulusLength")
        if payload.get("exponentValue", "device") not in _EXPONENTS:
            raise CommandFailed(CompletionCode.UNSUPPORTED_DATA, "65537 is the only exponent")
        if len(self._pairs) > MOST_PAIRS:
            raise refused("keyGenerationError", "no room for another pair")
        await self._made()
        bits = integer(payload, "modulusLength") or rsa.BITS
        pair = await asyncio.to_thread(rsa.new_pair, bits)
        self._pairs[name] = _Pair(pair, use, rsa_store.sealed(pair, self._kek))
        self._world.changed()

    async def _export_by_issuer(self, running: Running) -> Payload:
        await self._made()
        vouched = self._vouched
        if running.payload.get("exportItemType", "publicKey") == "deviceId":
            value, signature = vouched["number"].encode(), vouched["number_signature"]
        elif running.payload.get("name", CRYPT_KEY) != CRYPT_KEY:
            raise refused("keyNotFound", "the issuer has signed one key only")
        else:
            value, signature = rsa.public_der(self._pairs[CRYPT_KEY].public), vouched["key_signature"]
        return {
            "value": _text(value),
            "rsaSignatureAlgorithm": "rsassaPss",
            "signature": _text(bytes.fromhex(signature)),
        }

    async def _export_by_device(self, running: Running) -> Payload:
        payload = running.payload
        await self._made()
        method = payload.get("signatureAlgorithm", "na")
        if payload.get("exportItemType", "publicKey") == "deviceId":
            value, own = self._vouched["number"].encode(), None
        else:
            own = self._pair(payload.get("name", CRYPT_KEY))
            value = rsa.public_der(own.public)
        signed: Payload = {"value": _text(value)}
        if method == "na":
            return signed
        signer = self._pair(payload.get("sigKey", ""))
        if signer.use != "rsaPrivateSign":
            raise refused("accessDenied", "that key does not sign")
        if own is not None:
            signed["selfSignature"] = _text(rsa.sign(own.private, value, method))
        return signed | {"signature": _text(rsa.sign(signer.private, value, method))}

    def _pair(self, name: str) -> _Pair:
        if name in self._pairs:
            return self._pairs[name]
        raise refused("keyNotFound" if len(self._pairs) > 1 else "noRSAKeyPair")

    # -- for ImportKey, GetKeyDetail, DeleteKey --------------------------------------------------------

    @property
    def names(self) -> Mapping[str, tuple[str, str, int]]:
        """TR-31 use and mode of use and length in bits of every RSA key here, by name."""
        pairs = {
            name: ("S0", "S", pair.public.key_size)
            if pair.use == "rsaPrivateSign"
            else ("K2", "D", pair.public.key_size)
            for name, pair in self._pairs.items()
        }
        return pairs | {name: ("S0", "V", key.key_size) for name, key in self._hosts.items()}

    @staticmethod
    def meant(payload: Mapping[str, Any]) -> bool:
        """Whether an ImportKey is for these: a public key, or a key that comes under one of the pairs."""
        public = payload.get("keyAttributes", {}).get("algorithm") == "R"
        return public or payload.get("decryptMethod") in rsa.ENCRYPTIONS

    async def import_key(self, payload: Mapping[str, Any], keep: Callable[[str, StoredKey], StoredKey]) -> Payload:
        """A host's public key, vouched for by the issuer, or a key that such a host has sent.

        Raises:
            CommandFailed: ``signatureNotSupported``, ``signatureInvalid``, ``keyNotFound``, ``randomInvalid``,
                ``invalidValue``, ``useViolation``, ``contentInvalid``, ``noKeyRam`` and what ``keep`` refuses.
        """
        await self._made()
        value = base64.b64decode(payload.get("value", ""))
        self._check_signature(payload, value)
        if payload.get("keyAttributes", {}).get("algorithm") == "R":
            return self._import_host(payload, value)
        return self._import_secret(payload, value, keep)

    def _check_signature(self, payload: Mapping[str, Any], value: bytes) -> None:
        attributes = payload.get("verifyAttributes", {})
        method = attributes.get("cryptoMethod", "")
        if method not in rsa.SIGNATURES or attributes.get("hashAlgorithm", "sha256") != "sha256":
            raise refused("signatureNotSupported")
        verifier = self._verifier(payload.get("verifyKey", ISSUER))
        if not rsa.verified(verifier, base64.b64decode(payload.get("verificationData", "")), value, method):
            raise refused("signatureInvalid")

    def _import_host(self, payload: Mapping[str, Any], value: bytes) -> Payload:
        name, wanted = payload["key"], payload["keyAttributes"]
        if (wanted.get("keyUsage"), wanted.get("modeOfUse")) != ("S0", "V"):
            raise refused("useViolation", "public keys are kept for verifying only")
        if payload.get("verifyKey", ISSUER) != ISSUER:
            raise refused("accessDenied", "the issuer vouches for hosts, not one host for another")
        key = rsa.read_public(value)
        if key is None:
            raise refused("invalidValue", "RSAPublicKey of PKCS #1 in DER, 2048 to 4096 bits")
        if name in self._pairs or name == ISSUER or name in self._keys.all:
            raise refused("duplicateKey")
        if len(self._hosts) >= MOST_HOSTS and name not in self._hosts:
            raise refused("noKeyRam")
        self._hosts[name] = key
        self._world.changed()
        return {
            "verificationData": _text(hashlib.sha256(value).digest()),
            "verifyAttributes": {"keyUsage": "S0", "algorithm": "R", "modeOfUse": "V", "hashAlgorithm": "sha256"},
            "keyLength": key.key_size,
        }

    def _import_secret(
        self, payload: Mapping[str, Any], value: bytes, keep: Callable[[str, StoredKey], StoredKey]
    ) -> Payload:
        if payload.get("verifyKey", ISSUER) == ISSUER:
            raise refused("accessDenied", "keys come from a host, not from the issuer")
        wanted = payload.get("keyAttributes", {})
        if not {"keyUsage", "algorithm", "modeOfUse"} <= wanted.keys():
            raise CommandFailed(CompletionCode.INVALID_DATA, "what is the key for?")
        pair = self._pairs.get(payload.get("decryptKey", CRYPT_KEY))
        if pair is None or pair.use != "rsaPrivate":
            raise refused("keyNotFound" if pair is None else "useViolation", "the key that decrypts")
        given, self._random = self._random, b""  # whatever comes of it, this number is used up
        if not given or not hmac.compare_digest(value[:RANDOM_BYTES], given):
            raise refused("randomInvalid")
        secret = rsa.decrypt(pair.private, value[RANDOM_BYTES:], payload["decryptMethod"])
        if secret is None:
            raise refused("contentInvalid", "not encrypted for that key")
        key = keep(
            payload["key"], StoredKey(secret, wanted["keyUsage"], wanted["algorithm"], wanted["modeOfUse"], "00", "N")
        )
        self._world.changed()
        return {
            "verificationData": _text(key.check_value(own=False)),
            "verifyAttributes": {"cryptoMethod": "kcvZero"},
            "keyLength": len(secret) * 8,
        }

    def forget(self, name: str) -> bool:
        """Forget a host's key or a generated pair; False: there is none of that name that could be forgotten."""
        if name == CRYPT_KEY:
            return False
        return self._pairs.pop(name, None) is not None or self._hosts.pop(name, None) is not None

    def erase(self) -> None:
        """Forget everything but what came from the maker."""
        self._pairs = {name: pair for name, pair in self._pairs.items() if name == CRYPT_KEY}
        self._hosts.clear()
        self._random = b""
